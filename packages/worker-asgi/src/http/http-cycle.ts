/** One request: the call of the app, what it receives, and what it may send at which time. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Receive, Send } from '../protocol/app.js'
import { AsgiProtocolError, ClientDisconnectedError } from '../protocol/errors.js'
import type { HttpReceiveEvent, HttpResponseZerocopyEvent, HttpSendEvent } from '../protocol/http-events.js'
import { isTrue } from '../protocol/is-true.js'
import { AppCall, problemOfReturned } from '../runtime/app-call.js'
import type { Runtime } from '../runtime/runtime.js'
import { disconnectedPromise, done, emptyRequest } from '../runtime/shared.js'
import { httpScope } from '../scope/http-scope.js'
import type { Peer } from '../scope/peer.js'
import { RequestContext } from '../scope/request-context.js'
import type { Target } from '../scope/target.js'
import { closeWhenFinished } from './close-when-finished.js'
import { readHints, writeHints } from './early-hints.js'
import { readPairs } from './fields.js'
import { checkFilePart, checkPath } from './file-events.js'
import { RequestBody } from './request-body.js'
import { expectedResponseEvents, type ResponseState } from './response-state.js'
import { ResponseWriter } from './response-writer.js'
import { openFile, writeFilePart } from './send-file.js'

export interface CycleParts {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly target: Target
  readonly peer: Peer
  readonly runtime: Runtime
  readonly hasBody: boolean
  /** Called once, when the next request of the connection may begin. */
  readonly completed: (cycle: HttpCycle) => void
}

/** Made for every request: its members are plain because those are cheapest. */
export class HttpCycle extends AppCall {
  readonly res: ServerResponse
  private readonly parts: CycleParts
  private readonly writer: ResponseWriter
  private readonly body: RequestBody | undefined
  private state: ResponseState = 'request'
  private hasReceived = false
  /** A part of the body was sent. */
  private hasBody = false
  private hasTrailers = false
  private trailers: [string, string][] | undefined = undefined
  private departed: Promise<HttpReceiveEvent> | undefined = undefined
  private resolveDeparted: ((event: Promise<HttpReceiveEvent>) => void) | undefined = undefined

  constructor(parts: CycleParts) {
    const { req, res, runtime } = parts
    super(runtime)
    this.parts = parts
    this.res = res
    this.writer = new ResponseWriter(res, runtime)
    this.body = parts.hasBody ? new RequestBody(req) : undefined
  }

  /** Whether the next request of the connection may begin. */
  get isComplete(): boolean {
    return this.state === 'complete' || this.state === 'gone'
  }

  /** Calls the app. Rejects when it fails; the caller then handles the response. */
  run(): Promise<void> {
    const scope = httpScope(this.parts, new RequestContext(this.runtime, this.parts, this))
    return this.call(scope, this.receive, this.send as Send).then(this.returned, this.thrown)
  }

  /** The connection was closed. */
  close(): void {
    if (this.isComplete) return
    this.state = 'gone'
    this.writer.close()
    this.body?.close()
    this.finish()
    this.abort()
    this.endSoon()
  }

  private readonly receive: Receive<'http'> = () => {
    if (!this.hasReceived) {
      this.hasReceived = true
      const { req, res } = this.parts
      if (
        req.httpVersionMinor > 0 &&
        req.headers.expect !== undefined &&
        !res.headersSent &&
        !this.isComplete
      )
        res.writeContinue()
      if (this.body === undefined) return this.isComplete ? disconnectedPromise : emptyRequest
    }
    if (this.state === 'complete') return disconnectedPromise
    if (this.body !== undefined && !this.body.isDone) return this.body.next()
    if (this.state === 'gone') return disconnectedPromise
    this.departed ??= new Promise(resolve => {
      this.resolveDeparted = resolve
    })
    return this.departed
  }

  private readonly send: Send<'http'> = event => {
    try {
      if (this.state === 'gone') throw new ClientDisconnectedError()
      return this.dispatch(event)
    } catch (error) {
      return this.refuse(error)
    }
  }

  private dispatch(event: HttpSendEvent): Promise<void> {
    switch (event?.type) {
      case 'http.response.start':
        this.require('request', event)
        this.writer.start(event.status, event.headers, isTrue(event.trailers, 'trailers'))
        this.hasTrailers = event.trailers === true
        this.state = 'started'
        return done
      case 'http.response.body': {
        this.require('started', event)
        const isLast = !isTrue(event.moreBody, 'moreBody')
        const written = this.writer.write(event.body, isLast && !this.hasTrailers)
        this.hasBody = true
        if (isLast) this.bodyEnded()
        return written
      }
      case 'http.response.trailers':
        this.require('trailers', event)
        this.trailers = [...(this.trailers ?? []), ...readPairs(event.headers, this.runtime.sendable)]
        if (!isTrue(event.moreTrailers, 'moreTrailers')) this.finishTrailers()
        return done
      case 'http.response.pathsend':
        this.require('started', event)
        if (this.hasBody) throw this.unexpected(event)
        return this.sendPath(checkPath(event.path))
      case 'http.response.zerocopysend':
        this.require('started', event)
        return this.sendPart(event)
      case 'http.response.early_hint':
        this.hint(event.links)
        return done
      case 'http.response.push':
      case 'http.response.debug':
        return done
      default:
        throw this.unexpected(event)
    }
  }

  private require(state: ResponseState, event: HttpSendEvent): void {
    if (this.state !== state) throw this.unexpected(event)
  }

  private unexpected(event: unknown): AsgiProtocolError {
    return AsgiProtocolError.ofEvent(expectedResponseEvents[this.state], event)
  }

  private bodyEnded(): void {
    if (this.hasTrailers) this.state = 'trailers'
    else this.complete()
  }

  private finishTrailers(): void {
    const isWanted = /\btrailers\b/i.test(String(this.parts.req.headers.te ?? ''))
    this.writer.end(isWanted ? (this.trailers ?? []) : [])
    this.complete()
  }

  private async sendPath(path: string): Promise<void> {
    this.state = 'file'
    const opened = await openFile(path)
    if (this.isGone()) {
      if ('file' in opened) await opened.file.close()
      throw new ClientDisconnectedError()
    }
    if (!('file' in opened)) return this.sendMissing(path, opened.problem)
    try {
      this.writer.setLength(opened.size)
      const part = { file: opened.file, offset: -1, count: -1, isLast: !this.hasTrailers }
      await this.settle(writeFilePart(this.writer, part))
    } finally {
      await opened.file.close()
    }
    this.bodyEnded()
  }

  private async sendPart(event: HttpResponseZerocopyEvent): Promise<void> {
    const part = checkFilePart(event)
    const isLast = !isTrue(event.moreBody, 'moreBody')
    this.state = 'file'
    this.hasBody = true
    await this.settle(writeFilePart(this.writer, { ...part, isLast: isLast && !this.hasTrailers }))
    if (isLast) this.bodyEnded()
    else this.state = 'started'
  }

  /** Treats a failure in the middle of a file as one of `send` itself. */
  private async settle(writing: Promise<void>): Promise<void> {
    try {
      await writing
    } catch (error) {
      throw this.isGone() ? new ClientDisconnectedError() : this.note(error)
    }
    if (this.isGone()) throw new ClientDisconnectedError()
  }

  /** The head is still held, so the client can get another one. */
  private sendMissing(path: string, error: unknown): Promise<void> {
    this.runtime.log.error(`Cannot open file ${path}`, { error })
    const text = 'Not Found'
    const headers = [['content-type', 'text/plain; charset=utf-8']]
    this.writer.start(404, headers)
    const written = this.writer.write(text, true)
    this.complete()
    return written
  }

  private hint(links: unknown): void {
    const { req, res } = this.parts
    const link = readHints(links)
    if (this.isComplete || this.writer.isBegun || req.httpVersionMinor === 0 || link.length === 0) return
    writeHints(res, link)
  }

  /** What `send` returns for an error. Only a disconnect may go unnoticed if the app does not wait for the promise. */
  private refuse(error: unknown): Promise<void> {
    if (!(error instanceof ClientDisconnectedError)) this.note(error)
    const refused = Promise.reject(error)
    if (error instanceof ClientDisconnectedError) refused.catch(() => {})
    return refused
  }

  /** After a mistake of the app, the connection is not reused. */
  private note(error: unknown): unknown {
    const { res } = this.parts
    if (!res.headersSent) res.shouldKeepAlive = false
    if (this.state === 'complete') closeWhenFinished(res)
    return error
  }

  private complete(): void {
    if (this.isGone()) return
    this.state = 'complete'
    this.body?.discard()
    this.finish()
  }

  private finish(): void {
    this.resolveDeparted?.(disconnectedPromise)
    this.parts.completed(this)
  }

  private readonly returned = (value: unknown): void | Promise<void> => {
    this.ended()
    const problem = value === undefined ? this.unfinished() : problemOfReturned(value)
    if (problem === undefined) return
    if (this.state === 'gone') {
      if (value !== undefined) this.runtime.log.error(problem)
      return
    }
    return this.fail(new Error(problem))
  }

  private readonly thrown = (error: unknown): void | Promise<void> => {
    this.ended()
    if (error instanceof ClientDisconnectedError && this.state === 'gone') return
    return this.fail(error)
  }

  private async fail(error: unknown): Promise<void> {
    this.note(error)
    // The connection is cut next. Until this turn of the event loop ends, Node holds back what the app sent before it failed.
    if (this.writer.isBegun && !this.isComplete) await new Promise(resolve => setImmediate(resolve))
    throw error
  }

  /** What is wrong if the app returns now. */
  private unfinished(): string | undefined {
    switch (this.state) {
      case 'request':
        return 'ASGI callable returned without starting response.'
      case 'started':
      case 'file':
        return 'ASGI callable returned without completing response.'
      case 'trailers':
        this.runtime.log.warn('ASGI callable returned without sending the trailers that it had announced.')
        this.finishTrailers()
        return undefined
      default:
        return undefined
    }
  }

  /** For use after an `await`: the compiler does not know that the state may have changed. */
  private isGone(): boolean {
    return this.state === 'gone'
  }
}
