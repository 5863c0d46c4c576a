/**
 * The access log of one worker: a line for every request that ended, written in batches. A batch is whole lines in one write, so
 * several workers can share a file. A killed worker loses at most its last batch.
 */
// The global of the same name is a getter, too slow for the path of every request.
import { performance } from 'node:perf_hooks'
import type { Logger } from '../contract/logger.js'
import type { RequestHead, RequestObserver, RequestOutcome } from '../contract/request.js'
import { TunicornError } from '../errors.js'
import { LineOutput } from '../output/line-output.js'
import { messageOf, openDescriptor, openFileLater, openLogFile } from '../output/output-target.js'
import type { AccessLogInit } from '../protocol/messages.js'
import type { AccessEntry, AccessWorker } from './access-entry.js'
import { type LineWriter, parseAccessFormat } from './access-format.js'
import type { AtomNeeds } from './atoms.js'
import { LineBatch } from './line-batch.js'
import { type Skipping, skippingOf } from './skipping.js'

const maxDelayMs = 200
const batchBytes = 32_768
/** How long the end of a process waits for a reader. */
const lastWaitMs = 250

export class AccessLog implements RequestObserver {
  /** What it needs to know about an outcome beyond the type and the status, if anything. */
  readonly needs: AtomNeeds | undefined
  readonly #file: string
  readonly #log: Logger
  readonly #line: LineWriter
  readonly #skips: Skipping | undefined
  readonly #output: LineOutput
  readonly #batch = new LineBatch(batchBytes)
  /** The offset between the clock that measures requests and the time of day. */
  #sinceEpochMs = 0
  #timer: NodeJS.Timeout | undefined

  /** @throws TunicornError `LOG_FAILED` when the file cannot be opened */
  constructor({ file, fd, format: text, skip }: AccessLogInit, worker: AccessWorker, log: Logger) {
    const parsed = parseAccessFormat(text)
    if (!parsed.ok) throw new TunicornError('CONFIG_INVALID', parsed.problem)
    const { needs } = parsed.format
    this.needs = needs.bytes || needs.header ? needs : undefined
    this.#line = parsed.format.for(worker)
    this.#skips = skippingOf(skip)
    this.#file = file
    this.#log = log
    this.#output = new LineOutput(file === '-' ? openDescriptor(fd) : openLogFile('access log', file), {
      failed: error =>
        log.error(`The access log ${file} cannot be written; its lines are dropped`, { error }),
      recovered: dropped => log.warn(`The access log ${file} is written again`, { dropped }),
    })
    // Runs however the process ends: by an exit of the app, an exception or a drain.
    process.on('exit', () => this.#finish())
  }

  begun(head: RequestHead): void {
    // Reading it now caches it, so that it is still known after the connection is gone.
    void head.remoteAddress
  }

  ended(head: RequestHead, outcome: RequestOutcome, startedAtMs: number, endedAtMs: number): void {
    if (this.#skips?.(head) === true) return
    // Once per batch, because reading a clock costs about as much as writing a field.
    if (this.#batch.isEmpty) this.#sinceEpochMs = Date.now() - performance.now()
    this.#add({ head, outcome, durationMs: endedAtMs - startedAtMs, at: this.#sinceEpochMs + endedAtMs })
  }

  /** Called after a rotation: collected lines go to the old file, later ones to the new file. */
  reopen(): void {
    this.#flush()
    if (this.#file !== '-') void this.#reopenFile()
  }

  /** Writes what was collected, and waits for that no longer than the end of a process may take. */
  settled(): Promise<void> {
    this.#flush()
    return this.#output.settled(lastWaitMs)
  }

  async #reopenFile(): Promise<void> {
    try {
      await this.#output.reopen(() => openFileLater(this.#file))
      this.#log.debug(`Reopened the access log ${this.#file}`)
    } catch (error) {
      this.#log.error(`The access log ${this.#file} could not be reopened; the old file is written on`, {
        error: messageOf(error),
      })
    }
  }

  #add(entry: AccessEntry): void {
    try {
      this.#batch.add(this.#line(entry))
    } catch (error) {
      // The head and the outcome come from the worker class. Its request must not fail because of its line.
      this.#log.error('A request could not be written to the access log', { error })
    }
    if (this.#batch.isFull) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), maxDelayMs).unref()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (!this.#batch.isEmpty) this.#output.write(this.#batch.take())
  }

  #finish(): void {
    this.#flush()
    const lost = this.#output.finish(lastWaitMs)
    if (lost > 0) this.#log.error(`${lost} lines of the access log ${this.#file} are lost`)
  }
}
