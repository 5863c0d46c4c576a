/** Reads the JSON of a small request body. */
import type { IncomingMessage } from 'node:http'
import { Refusal } from './route.js'

const maxBytes = 4_096

/** Undefined for an empty body. @throws Refusal if it is too long or not JSON */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = await readText(request)
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Refusal(400, `The body is not JSON: ${why}`)
  }
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else reject(new Refusal(413, `The body has more than ${maxBytes} bytes`))
    })
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.once('error', reject)
    request.once('close', () => reject(new Error('the client has left')))
  })
}
