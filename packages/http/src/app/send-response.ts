/**
 * Sends the `Response` of a fetch app. Nothing is sent before the first part of the body is there, so a body that fails
 * before that can still become a 500.
 */
import type { ServerResponse } from 'node:http'
import { describeValue } from '@tunicorn/arbiter/worker'
import type { FastResponse } from 'srvx/node'
import { type BodySource, bodySource } from './body-source.js'

type Prepared = ReturnType<InstanceType<typeof FastResponse>['_toNodeResponse']>

/**
 * Reads a body that arrives in parts as fast as the client reads, and cancels it when the client leaves. Rejects when the
 * body fails, whether or not the head was sent; the caller then handles the response. Throws for what Node refuses to send.
 */
export function sendResponse(res: ServerResponse, response: Response): Promise<void> | undefined {
  const prepared = prepare(response)
  const { body } = prepared
  const source = bodySource(body)
  if (source !== undefined) return sendParts(res, prepared, source)
  if (res.destroyed) return undefined
  writeHead(res, prepared)
  // The body is whole: text or bytes.
  res.end(body ?? undefined)
  return undefined
}

/** srvx's own responses know what they were made from. Asking them for a stream would force them to make one. */
function prepare(response: Response): Prepared {
  if (isFast(response)) return response._toNodeResponse()
  const headers: string[] = []
  // Some implementations join the cookies, which cannot be split again.
  const cookies = response.headers.getSetCookie?.()
  for (const [name, value] of response.headers)
    if (cookies === undefined || name !== 'set-cookie') headers.push(name, value)
  for (const cookie of cookies ?? []) headers.push('set-cookie', cookie)
  const { status, statusText = '', body } = response
  return { status, statusText, headers, body }
}

function isFast(response: Response): response is InstanceType<typeof FastResponse> {
  return '_toNodeResponse' in response
}

async function sendParts(res: ServerResponse, head: Prepared, source: BodySource): Promise<void> {
  const cancel = (): void => source.cancel()
  res.once('close', cancel)
  try {
    if (res.destroyed) return cancel()
    if (res.req.method === 'HEAD') {
      cancel()
      writeHead(res, head)
      res.end()
    } else await pump(res, head, source)
  } catch (error) {
    cancel()
    throw error
  } finally {
    res.off('close', cancel)
  }
}

async function pump(res: ServerResponse, head: Prepared, source: BodySource): Promise<void> {
  let part = await source.next()
  let isHeaded = false
  while (!res.destroyed) {
    const chunk = part.done === true ? undefined : checkPart(part.value)
    if (!isHeaded) writeHead(res, head)
    isHeaded = true
    if (chunk === undefined) return void res.end()
    if (!res.write(chunk)) await drained(res)
    part = await source.next()
  }
}

function checkPart(part: unknown): string | Uint8Array {
  if (typeof part === 'string' || part instanceof Uint8Array) return part
  throw new TypeError(
    `Expected the body of the Response to give out bytes or text, got ${describeValue(part)}`,
  )
}

/** Resolves when the client has read on, or has left. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const settle = (): void => {
      res.off('drain', settle)
      res.off('close', settle)
      resolve()
    }
    res.on('drain', settle)
    res.on('close', settle)
  })
}

function writeHead(res: ServerResponse, { status, statusText, headers }: Prepared): void {
  // If the app gave no reason phrase, Node uses the one of the status.
  if (statusText === '') res.writeHead(status, headers)
  else res.writeHead(status, statusText.replace(unsendable, ''), headers)
}

/** Not allowed in a reason phrase (RFC 9112, 4). Node refuses it, and the app need not know. */
const unsendable = /[^\t\u0020-\u007E\u0080-\u00FF]/g
