/** The control API for programs. Every answer is validated. */
import * as v from 'valibot'
import { type ErrorCode, errorCodes, TunicornError } from '../errors.js'
import type { ScaledGroup } from '../supervision/scale.js'
import {
  doneSchema,
  errorSchema,
  eventSchema,
  eventTypes,
  inspectorSchema,
  scaledSchema,
  stackSchema,
  statusSchema,
} from './answer-schemas.js'
import type { ControlEvent } from './control-event.js'
import {
  badAnswer,
  bytesOf,
  type ControlRequest,
  exchangeError,
  openExchange,
  readAnswer,
} from './exchange.js'
import { serverSentData } from './server-sent-data.js'
import type { ServerStatus } from './status.js'
import type { WorkerInspector } from './worker-inspector.js'
import type { WorkerStack } from './worker-stack.js'

export interface CallOptions {
  /** Ends the call, which then rejects with the reason of the signal. The server continues with what it has begun. */
  readonly signal?: AbortSignal
}

export interface OrderOptions extends CallOptions {
  /** Resolve when it is done, and reject with the reason if it fails. @default false: resolve when it has begun */
  readonly wait?: boolean
}

/** Either `by` or `to`, not both. */
export interface ScaleOptions extends OrderOptions {
  /** Absent: every group. */
  readonly group?: string
  /** How many workers to add, or to remove if negative; one always stays. */
  readonly by?: number
  /** Number of workers. */
  readonly to?: number
}

export interface StopOptions extends OrderOptions {
  /** `graceful` lets requests finish, `quick` gives them a second, `kill` gives them nothing. @default 'graceful' */
  readonly mode?: 'graceful' | 'quick' | 'kill'
}

export interface ExamineOptions extends CallOptions {
  /** Age or pid, as in the status. */
  readonly worker: number
}

export interface ProfileOptions extends ExamineOptions {
  /** 1 to 300. @default 10 */
  readonly seconds?: number
}

export interface InspectOptions extends ExamineOptions {
  /** Port of the loopback address. @default 0: a free one */
  readonly port?: number
  /** Close the inspector instead. @default false */
  readonly close?: boolean
}

/**
 * A client of one running server. It holds nothing open between two calls.
 *
 * Every method may reject with a TunicornError `CONTROL_UNREACHABLE`, `CONTROL_DENIED` or `CONTROL_BAD_ANSWER`, or with the
 * code with which the server refuses the call or reports its failure.
 */
export class ControlClient {
  /** Path of the control socket. */
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  status({ signal }: CallOptions = {}): Promise<ServerStatus> {
    return this.#call({ path: this.path, method: 'GET', target: '/status', signal }, statusSchema)
  }

  /**
   * Yields the status, and then every change as it happens. Ends after the event that reports that the server has stopped.
   *
   * The server cuts off a slow reader. The iteration then throws `CONTROL_UNREACHABLE`, as it does when the server
   * dies. Leaving the loop closes the connection.
   */
  async *events({ signal }: CallOptions = {}): AsyncGenerator<ControlEvent, void, undefined> {
    const request: ControlRequest = { path: this.path, method: 'GET', target: '/events', signal }
    const response = await openExchange(request)
    try {
      if (response.statusCode !== 200) throw this.#refused(await readAnswer(response, request))
      for await (const data of serverSentData(response)) {
        const event = this.#event(data)
        if (event) yield event
      }
    } catch (error) {
      throw signal?.aborted ? signal.reason : exchangeError(this.path, error)
    } finally {
      response.destroy()
    }
  }

  /** The metrics in the format of Prometheus. */
  async metrics({ signal }: CallOptions = {}): Promise<string> {
    const request: ControlRequest = { path: this.path, method: 'GET', target: '/metrics', signal }
    const response = await openExchange(request)
    const text = await readAnswer(response, request)
    if (response.statusCode !== 200) throw this.#refused(text)
    return text
  }

  /** Reads the configuration again and replaces every worker. With `wait`, rejects if the old generation was kept. */
  async reload({ wait, signal }: OrderOptions = {}): Promise<void> {
    await this.#call(this.#order('/reload', { wait, signal }), doneSchema)
  }

  /** Changes the number of workers, and resolves with the old and the new number. */
  async scale({ group, by, to, wait, signal }: ScaleOptions): Promise<readonly ScaledGroup[]> {
    const order = this.#order('/scale', { wait, signal, body: { group, by, to } })
    return (await this.#call(order, scaledSchema)).groups
  }

  /** Ends the server. With `wait`, resolves when every worker is gone. */
  async stop({ mode, wait, signal }: StopOptions = {}): Promise<void> {
    await this.#call(this.#order('/stop', { wait, signal, body: { mode } }), doneSchema)
  }

  /** What a worker is doing at this moment, blocked or not. Rejects with `WORKER_UNKNOWN`, `WORKER_BUSY`, `EXAMINATION_FAILED`. */
  stack({ worker, signal }: ExamineOptions): Promise<WorkerStack> {
    return this.#call(this.#order('/stack', { wait: false, signal, body: { worker } }), stackSchema)
  }

  /**
   * The JSON of a `.cpuprofile` of a worker, once it is available. Read it to the end or leave it with `break`. Throws
   * `CONTROL_UNREACHABLE` if it is cut short. Rejects with `WORKER_UNKNOWN`, `WORKER_BUSY`, `EXAMINATION_FAILED`.
   */
  profile({ worker, seconds, signal }: ProfileOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.#file(this.#order('/profile', { wait: false, signal, body: { worker, seconds } }))
  }

  /** The JSON of a `.heapsnapshot` of a worker, like {@link ControlClient.profile}. The worker does nothing else in the meantime. */
  heapSnapshot({ worker, signal }: ExamineOptions): Promise<AsyncIterable<Uint8Array>> {
    return this.#file(this.#order('/heap-snapshot', { wait: false, signal, body: { worker } }))
  }

  /**
   * Opens the inspector of a worker on the loopback address, or closes it. An inspector that is already open stays where it is.
   * Rejects with `WORKER_UNKNOWN`, `WORKER_BUSY`, `EXAMINATION_FAILED`.
   */
  inspect({ worker, port, close, signal }: InspectOptions): Promise<WorkerInspector> {
    const order = this.#order('/inspect', { wait: false, signal, body: { worker, port, close } })
    return this.#call(order, inspectorSchema)
  }

  async #file(request: ControlRequest): Promise<AsyncIterable<Uint8Array>> {
    const response = await openExchange(request)
    if (response.statusCode !== 200) throw this.#refused(await readAnswer(response, request))
    return bytesOf(response, request)
  }

  #order(
    target: string,
    {
      wait = false,
      signal,
      body = {},
    }: { wait: boolean | undefined; signal: AbortSignal | undefined; body?: unknown },
  ): ControlRequest {
    return { path: this.path, method: 'POST', target: wait ? `${target}?wait=1` : target, body, signal }
  }

  async #call<Answer>(request: ControlRequest, schema: v.GenericSchema<unknown, Answer>): Promise<Answer> {
    const response = await openExchange(request)
    const text = await readAnswer(response, request)
    const { statusCode = 0 } = response
    if (statusCode >= 400) throw this.#refused(text)
    return this.#checked(schema, text)
  }

  /** Undefined for an event of a type that this version does not know. */
  #event(data: string): ControlEvent | undefined {
    const { type } = this.#checked(v.object({ type: v.string() }), data)
    return eventTypes.has(type) ? this.#checked(eventSchema, data) : undefined
  }

  #checked<Answer>(schema: v.GenericSchema<unknown, Answer>, text: string): Answer {
    const result = v.safeParse(schema, this.#json(text))
    if (result.success) return result.output
    const [{ message }] = result.issues
    throw badAnswer(this.path, `${v.getDotPath(result.issues[0]) ?? 'the answer'}: ${message}`)
  }

  #json(text: string): unknown {
    try {
      const value: unknown = JSON.parse(text)
      return value
    } catch {
      throw badAnswer(this.path, 'its answer is not JSON')
    }
  }

  #refused(text: string): TunicornError {
    const { code, message } = this.#checked(errorSchema, text).error
    return new TunicornError(isErrorCode(code) ? code : 'CONTROL_FAILED', message)
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}
