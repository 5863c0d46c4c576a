/** A request that is written in parts while its response is read. */
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

/** The next piece of a body. What comes after it waits for the next reader. */
export function nextChunk(body: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    body.once('error', reject)
    body.once('data', (chunk: Buffer) => {
      body.pause()
      body.off('error', reject)
      resolve(chunk.toString())
    })
    body.resume()
  })
}
