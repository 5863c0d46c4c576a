/** Reads what a server has sent as the answers that a client would find in it. */

export interface Answer {
  readonly status: number
  readonly head: string
  readonly body: string
}

export interface Answers {
  readonly whole: readonly Answer[]
  /** What is not a whole answer (yet). */
  readonly rest: string
}

const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[!#$%&'*+.^`|~\w-]+: [^\r\n]*\r\n)*)\r\n/

/** `methods`: of the requests, in their order, as HEAD has no body. `isEnded`: the connection is. */
export function readAnswers(received: string, methods: readonly string[], isEnded: boolean): Answers {
  const whole: Answer[] = []
  let rest = received
  let finals = 0
  while (rest.length > 0) {
    const match = head.exec(rest)
    if (match === null) break
    const status = Number(match[1])
    const behind = rest.slice(match[0].length)
    const isBodyless = status < 200 || status === 204 || status === 304 || methods[finals] === 'HEAD'
    const body = isBodyless ? { text: '', length: 0 } : bodyOf(match[2] ?? '', behind, isEnded)
    if (body === undefined) break
    if (status >= 200) finals += 1
    whole.push({ status, head: match[0], body: body.text })
    rest = behind.slice(body.length)
  }
  return { whole, rest }
}

interface Body {
  readonly text: string
  /** With its framing. */
  readonly length: number
}

/** Two framings at once are none. */
function bodyOf(fields: string, behind: string, isEnded: boolean): Body | undefined {
  const lengths = [...fields.matchAll(/^content-length: (.*)\r$/gim)].map(([, value]) => value ?? '')
  const codings = [...fields.matchAll(/^transfer-encoding: (.*)\r$/gim)].map(([, value]) => value ?? '')
  if (lengths.length + codings.length > 1) return undefined
  const [length] = lengths
  if (length !== undefined) {
    const size = Number(length)
    return /^\d+$/.test(length) && behind.length >= size
      ? { text: behind.slice(0, size), length: size }
      : undefined
  }
  if (codings.length === 0) return isEnded ? { text: behind, length: behind.length } : undefined
  return codings[0] === 'chunked' ? chunkedBody(behind) : undefined
}

function chunkedBody(behind: string): Body | undefined {
  let text = ''
  let at = 0
  for (;;) {
    const match = /^([\da-f]+)\r\n/i.exec(behind.slice(at))
    if (match === null) return undefined
    const size = Number.parseInt(match[1] ?? '', 16)
    at += match[0].length
    if (size === 0) {
      const trailers = /^(?:[^\r\n]+\r\n)*\r\n/.exec(behind.slice(at))
      return trailers === null ? undefined : { text, length: at + trailers[0].length }
    }
    if (behind.slice(at + size, at + size + 2) !== '\r\n') return undefined
    text += behind.slice(at, at + size)
    at += size + 2
  }
}
