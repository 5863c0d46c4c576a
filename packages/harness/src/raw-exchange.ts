import { connect } from 'node:net'
import { type Address, connectionTo } from './address.js'

export interface RawExchangeOptions {
  /** Ends the exchange as soon as the bytes received (as Latin-1 text) match. Without it, the exchange ends when the peer closes. */
  readonly until?: RegExp
  /** @default 10000 */
  readonly timeoutMs?: number
}

/**
 * Sends `bytes` over a connection of its own and resolves with every byte received until the peer closes, or until
 * `until` matches; the connection is then destroyed.
 *
 * A reset after the first byte counts as a close, because a server that answers early and closes without reading
 * everything causes one. Rejects, naming what was received, on a timeout, on a reset before the first byte, and when
 * the peer closes before `until` matches.
 */
export function rawExchange(
  address: Address | string,
  bytes: string | Uint8Array,
  { until, timeoutMs = 10_000 }: RawExchangeOptions = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connect(connectionTo(address))
    const received = (): Buffer => Buffer.concat(chunks)
    const fail = (what: string, cause?: unknown): void => {
      reject(new Error(`${what}; received ${JSON.stringify(received().toString('latin1'))}`, { cause }))
      socket.destroy()
    }
    const succeed = (): void => {
      resolve(received())
      socket.destroy()
    }
    const finish = (): void => {
      if (until === undefined) succeed()
      else fail(`The peer closed before ${until} matched`)
    }
    const timer = setTimeout(() => fail(`No end of the answer within ${timeoutMs} ms`), timeoutMs)

    socket.on('connect', () => socket.write(bytes))
    socket.on('data', chunk => {
      chunks.push(chunk)
      if (until?.test(received().toString('latin1'))) succeed()
    })
    socket.on('end', finish)
    socket.on('error', error => {
      if (chunks.length === 0) fail(error.message, error)
      else finish()
    })
    socket.on('close', () => clearTimeout(timer))
  })
}
