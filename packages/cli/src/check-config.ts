import type { ConfigSource } from '@tunicorn/arbiter'

/** Loads the configuration and boots one worker of each group, without serving. Rejects with the problems found. */
export async function checkConfig(source: ConfigSource): Promise<void> {
  const { Arbiter } = await import('@tunicorn/arbiter')
  await new Arbiter(source).check()
}
