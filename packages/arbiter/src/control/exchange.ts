/** One request to a control socket and its answer, with errors that say what is wrong with the socket. */
import { type IncomingMessage, request } from 'node:http'
import { TunicornError } from '../errors.js'

/** A longer answer does not come from the control API. */
const maxAnswer = 64 * 1_024 * 1_024

export interface ControlRequest {
  /** Path of the socket. */
  readonly path: string
  readonly method: 'GET' | 'POST'
  readonly target: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal: AbortSignal | undefined
}

/**
 * Resolves with the head of the answer.
 *
 * @throws TunicornError `CONTROL_UNREACHABLE`, `CONTROL_DENIED`, `CONTROL_BAD_ANSWER`; the reason of the signal
 */
export function openExchange({
  path,
  method,
  target,
  body,
  signal,
}: ControlRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const outgoing = request({
      socketPath: path,
      method,
      path: target,
      agent: false,
      headers:
        method === 'POST'
          ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
          : {},
      ...(signal && { signal }),
    })
    outgoing.once('response', resolve)
    outgoing.on('error', error => reject(signal?.aborted ? signal.reason : exchangeError(path, error)))
    outgoing.end(text)
  })
}

/** The whole body. @throws as {@link openExchange} */
export async function readAnswer(
  response: IncomingMessage,
  { path, signal }: ControlRequest,
): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  try {
    for await (const chunk of response) {
      text += chunk
      if (text.length > maxAnswer) throw badAnswer(path, 'its answer does not end')
    }
  } catch (error) {
    throw signal?.aborted ? signal.reason : exchangeError(path, error)
  }
  return text
}

/** The body as it arrives. @throws as {@link openExchange}, also if it is cut short */
export async function* bytesOf(
  response: IncomingMessage,
  { path, signal }: ControlRequest,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* response
  } catch (error) {
    throw signal?.aborted ? signal.reason : exchangeError(path, error)
  }
}

/** The error for an answer that does not come from the control API. */
export function badAnswer(path: string, why: string): TunicornError {
  return new TunicornError(
    'CONTROL_BAD_ANSWER',
    `What answers at ${path} is not the control socket of a Tunicorn that this version knows: ${why}`,
  )
}

export function exchangeError(path: string, cause: unknown): TunicornError {
  if (cause instanceof TunicornError) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  switch (code) {
    case 'ENOENT':
      return new TunicornError('CONTROL_UNREACHABLE', `There is no control socket at ${path}`, { cause })
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return new TunicornError('CONTROL_UNREACHABLE', `No server answers at ${path}`, { cause })
    case 'EACCES':
    case 'EPERM':
      return new TunicornError(
        'CONTROL_DENIED',
        `You may not use the control socket ${path}: only the user of the server may`,
        { cause },
      )
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EAGAIN':
      return new TunicornError('CONTROL_UNREACHABLE', `The server at ${path} did not answer to the end`, {
        cause,
      })
    default:
      return code.startsWith('HPE_')
        ? badAnswer(path, 'its answer is not HTTP')
        : new TunicornError(
            'CONTROL_UNREACHABLE',
            `The control socket ${path} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
            { cause },
          )
  }
}
