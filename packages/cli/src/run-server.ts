/** Serves. A failed start is reported in the format of the log: a reader of JSON must get nothing else. */
import type { ConfigSource } from '@tunicorn/arbiter'
import {
  type CommandInput,
  createConfigSource,
  createLog,
  exitCodeFor,
  TunicornError,
} from '@tunicorn/arbiter/internal'
import type { CommandProcess } from './console/command-process.js'
import { runArbiter } from './run-arbiter.js'

/** Resolves with the exit code. @throws the reason of a failed start, unless it is in the log */
export async function runServer(input: CommandInput, command: CommandProcess): Promise<number> {
  const source = createConfigSource(input)
  let isJson = asksForJson(input)
  const watched: ConfigSource = {
    async load(situation) {
      const config = await source.load(situation)
      isJson = config.arbiter.logFormat === 'json' && config.arbiter.errorLog === '-'
      return config
    },
  }
  try {
    return await runArbiter(watched, command)
  } catch (error) {
    if (!isJson) throw error
    await logFailure(error)
    return exitCodeFor(error)
  }
}

/** Until the configuration is known, the command line decides. */
function asksForJson({ flags, environmentFlags }: CommandInput): boolean {
  const given = { ...environmentFlags?.values, ...flags.values }
  return given.logFormat?.at(-1) === 'json' && (given.errorLog?.at(-1) ?? '-') === '-'
}

async function logFailure(error: unknown): Promise<void> {
  const log = createLog({ level: 'error', format: 'json', file: '-' })
  if (error instanceof TunicornError) log.error(error.message, { code: error.code })
  else log.error('The start failed', { error })
  await log.close()
}
