/** Plays a row against a server, and tells what came of it in the words of a row. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connectionTo, rawExchange } from '@tunicorn/harness'
import { type Answer, readAnswers } from './answers.js'
import { get, type Row } from './row.js'
import type { Subject } from './subject.js'

export interface Outcome {
  readonly answers: Row['answers']
  /** `broken`: what came is not whole answers. `reset`: an answer may be lost on the way. `silent`: neither happened. */
  readonly connection: Row['connection'] | 'broken' | 'reset' | 'silent'
  readonly sees: readonly string[]
}

export interface Server extends Pick<Subject, 'closes'> {
  readonly url: string
}

/** How the bytes of a row are cut into pieces. */
export type Chunking = (bytes: string) => readonly string[]

/** How long a row waits for what it expects. */
export const patienceMs = 10_000

/** What a row says of this worker class. */
export function expectedOf(row: Row, { workerClass, closes }: Subject): Outcome {
  const { answers, connection, sees = [] } = { ...row, ...row.but?.[workerClass] }
  if (!closes) return { answers, connection, sees }
  const last = answers.findIndex(answer => statusOf(answer) >= 200)
  return {
    answers: answers.slice(0, last + 1),
    connection: connection === 'cut' ? 'cut' : 'closed',
    sees: sees.slice(0, 1),
  }
}

/** `expected` says what to wait for: more than that is seen too. */
export async function play(
  row: Row,
  expected: Outcome,
  { url, closes }: Server,
  chunking: Chunking,
): Promise<Outcome> {
  const client = new Client(connect(connectionTo(url)), methodsIn(row.sends))
  await once(client.socket, 'connect')
  const { localPort } = client.socket
  await client.send(chunking(row.sends))
  if (row.ends === true) client.socket.end()
  await client.until(() => client.answers.whole.length >= expected.answers.length)
  let connection: Outcome['connection'] = 'kept'
  if (expected.connection === 'kept' && !client.isEnded) {
    await client.send([get('/probe')])
    await client.until(() => client.answers.whole.at(-1)?.body === 'probe')
  } else await client.until(() => client.isEnded)
  const { whole, rest } = client.answers
  const isProbed = whole.at(-1)?.body === 'probe'
  const isCut = client.isReset || (client.isEnded && rest !== '')
  if (expected.connection === 'cut' && isCut) connection = 'cut'
  else if (client.isReset && !(closes && isPastLast(whole, rest, expected))) connection = 'reset'
  else if (rest !== '') connection = 'broken'
  else if (client.isEnded) connection = 'closed'
  else if (!isProbed) connection = 'silent'
  client.socket.destroy()
  // Of a proxy that asks for itself.
  const prefix = row.setup === 'prefixed' ? 'PROXY UNKNOWN\r\n' : ''
  const seen = await rawExchange(url, `${prefix}GET /seen?port=${localPort} HTTP/1.0\r\n\r\n`)
  return {
    answers: (isProbed ? whole.slice(0, -1) : whole).map((answer, index) =>
      told(answer, expected.answers[index]),
    ),
    connection,
    sees: JSON.parse(seen.toString('latin1').split('\r\n\r\n')[1] ?? ''),
  }
}

/**
 * A class that closes every connection tells a client that goes on sending behind its response so with a reset, as bare Node
 * does. What matters is that it has the response. A refusal is closed in stages, and may not end so.
 */
function isPastLast(whole: readonly Answer[], rest: string, { answers, connection }: Outcome): boolean {
  const isServed = whole.every(({ status }) => status < 400)
  return connection === 'closed' && rest === '' && isServed && whole.length === answers.length
}

class Client {
  readonly socket: Socket
  readonly #methods: readonly string[]
  #received = ''
  isEnded = false
  isReset = false
  #look: () => void = () => {}

  constructor(socket: Socket, methods: readonly string[]) {
    this.socket = socket
    this.#methods = methods
    socket.setNoDelay(true).setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#received += text
      this.#look()
    })
    socket.on('error', () => {
      if (!this.isEnded) this.isReset = true
    })
    const end = (): void => {
      this.isEnded = true
      this.#look()
    }
    socket.on('end', end).on('close', end)
  }

  get answers(): ReturnType<typeof readAnswers> {
    return readAnswers(this.#received, [...this.#methods, 'GET'], this.isEnded)
  }

  async send(pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      if (!this.socket.writable) return
      await new Promise(resolve => this.socket.write(piece, 'latin1', resolve))
      if (pieces.length > 1) await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** Also resolves when nothing more can come, or did for long. */
  until(isThere: () => boolean): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, patienceMs)
      this.#look = () => {
        if (!isThere() && !this.isEnded) return
        clearTimeout(timer)
        resolve()
      }
      this.#look()
    })
  }
}

/** With its body only where the row has one. */
function told(
  { status, body }: Answer,
  expected: Row['answers'][number] | undefined,
): Row['answers'][number] {
  return typeof expected === 'object' ? [status, body] : status
}

function statusOf(answer: Row['answers'][number]): number {
  return typeof answer === 'number' ? answer : answer[0]
}

function methodsIn(bytes: string): readonly string[] {
  return [...bytes.matchAll(/(?:^|\n|[a-z\d])([A-Z]+) [^\r\n]* HTTP\/\d/g)].map(([, method]) => method ?? '')
}
