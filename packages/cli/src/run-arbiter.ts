import { setFlagsFromString } from 'node:v8'
import type { ConfigSource } from '@tunicorn/arbiter'
import type { CommandProcess } from './command-process.js'
import { DevelopmentReload } from './development-reload.js'

/** Serves until a signal ends it. Resolves with the exit code. */
export async function runArbiter(source: ConfigSource, command: CommandProcess): Promise<number> {
  // An arbiter lives long and allocates little: a young heap that doubles now and then only looks like a leak.
  setFlagsFromString('--semi-space-growth-factor=1')
  const { Arbiter } = await import('@tunicorn/arbiter')
  const development = new DevelopmentReload(source, command)
  const arbiter = new Arbiter(development, { signals: true })
  try {
    await arbiter.start()
    development.reloadWith(() => arbiter.reload())
    return await arbiter.finished
  } finally {
    await development.close()
  }
}
