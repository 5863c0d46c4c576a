/** A request that is written in parts while its response is read. */
import { once } from 'node:events'
import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http'

export interface Upload {
  readonly outgoing: ClientRequest
  /** The head of the response. */
  readonly head: Promise<IncomingMessage>
}

/** Sends the head of a `POST`, and the first part of its body. The body ends when `outgoing.end` is called. */
export function beginUpload(url: string, firstPart: string, options: RequestOptions = {}): Upload {
  const outgoing = request(url, { method: 'POST', agent: new Agent(), ...options })
  outgoing.write(firstPart)
  const head = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
  // A test that expects a failure looks at it later.
  head.catch(() => {})
  return { outgoing, head }
}

/** The next piece of a body. */
export async function nextChunk(body: IncomingMessage): Promise<string> {
  const [chunk]: unknown[] = await once(body, 'data')
  return String(chunk)
}
