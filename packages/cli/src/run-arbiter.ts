import type { ConfigSource } from '@tunicorn/arbiter'

/** Serves until a signal ends it. Resolves with the exit code. */
export async function runArbiter(source: ConfigSource): Promise<number> {
  const { Arbiter } = await import('@tunicorn/arbiter')
  const arbiter = new Arbiter(source, { signals: true })
  await arbiter.start()
  return arbiter.finished
}
