import type { ConfigSource } from '@tunicorn/arbiter'

/** Loads the configuration and boots one worker of each group, without serving. Rejects with what is wrong. */
export async function checkConfig(source: ConfigSource): Promise<void> {
  const { Arbiter } = await import('@tunicorn/arbiter')
  await new Arbiter(source).check()
}
