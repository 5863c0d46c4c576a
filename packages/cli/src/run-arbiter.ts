import type { ConfigSource } from '@tunicorn/arbiter'
import { holdSignals } from '@tunicorn/arbiter/internal'
import type { CommandProcess } from './console/command-process.js'
import { DevelopmentReload } from './development-reload.js'

/** Serves until a signal ends it. Resolves with the exit code. */
export async function runArbiter(source: ConfigSource, command: CommandProcess): Promise<number> {
  const { Arbiter } = await import('@tunicorn/arbiter')
  const development = new DevelopmentReload(source, command)
  const arbiter = new Arbiter(development, { signals: 'alone' })
  // The arbiter handles signals until it has ended. A later signal must not change how this process ends.
  holdSignals()
  try {
    await arbiter.start()
    await keepYoungHeap()
    development.reloadWith(() => arbiter.reload())
    return await arbiter.finished
  } finally {
    await development.close()
  }
}

/**
 * An arbiter lives long and allocates little. A young heap that doubles now and then would only look like a leak. A start
 * allocates a lot, and is faster without this.
 */
async function keepYoungHeap(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
}
