/** Writes the access log lines of requests whose worker died before it could. */
import type { AccessWorker } from '../access-log/access-entry.js'
import { parseAccessFormat } from '../access-log/access-format.js'
import type { Logger } from '../contract/logger.js'
import { LineOutput } from '../output/line-output.js'
import { messageOf, openDescriptor, openFileLater } from '../output/output-target.js'
import type { RequestInFlight } from '../protocol/messages.js'
import type { ReasonKind } from './reason.js'

/** Where the lines go, and in which format. */
export interface LostTarget {
  /** Path, or `-` for standard output. */
  readonly accessLog: string
  readonly accessLogFormat: string
}

export interface Lost {
  readonly requests: readonly RequestInFlight[]
  readonly worker: AccessWorker
  readonly reason: ReasonKind
  /** When the worker ended. Milliseconds since 1970. */
  readonly at: number
}

const standardOutput = 1
/** How long a reader or a disk may take for the lines. */
const waitMs = 1_000

/** Never rejects, and never holds up its caller. */
export async function logLost(target: LostTarget, lost: Lost, log: Logger): Promise<void> {
  const { accessLog } = target
  if (accessLog === '' || lost.requests.length === 0) return
  const failed = (error: unknown): void =>
    log.error(`The access log ${accessLog} could not be given the requests that were lost`, {
      error: messageOf(error),
    })
  try {
    const opened = accessLog === '-' ? openDescriptor(standardOutput) : await openFileLater(accessLog)
    const output = new LineOutput(opened, { failed, recovered: () => {} })
    output.write(linesOf(target.accessLogFormat, lost))
    await output.close(waitMs)
  } catch (error) {
    failed(error)
  }
}

function linesOf(format: string, { requests, worker, reason, at }: Lost): string {
  const parsed = parseAccessFormat(format)
  if (!parsed.ok) return ''
  const line = parsed.format.for(worker)
  const outcome = { type: 'lost', reason } as const
  return requests.map(({ ms, ...head }) => `${line({ head, outcome, durationMs: ms, at })}\n`).join('')
}
