/** Sends a stream over a connection of its own, and keeps what comes back. */
import { connect } from 'node:net'

/** Nothing came for so long: the server waits for more of a body than there is. */
const quietMs = 1_000

export interface Reply {
  readonly received: string
  /**
   * Answers may be missing: nothing came for long, and the client ended its side, or it was still sending behind the last answer
   * and was told so with a reset, as by bare Node.
   */
  readonly isCut: boolean
}

export function send(path: string, pieces: readonly string[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let received = ''
    let isCut = false
    let quiet: NodeJS.Timeout | undefined
    const socket = connect({ path }).setEncoding('latin1')
    const wait = (): void => {
      clearTimeout(quiet)
      quiet = setTimeout(() => {
        if (isCut) socket.destroy()
        isCut = true
        socket.end()
        wait()
      }, quietMs)
    }
    socket.on('data', (text: string) => {
      received += text
      wait()
    })
    socket.on('connect', async () => {
      wait()
      for (const piece of pieces) {
        if (!socket.writable) return
        await new Promise(written => socket.write(piece, 'latin1', written))
        if (pieces.length > 1) await new Promise(turn => setImmediate(turn))
      }
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      isCut = true
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') reject(error)
    })
    socket.on('close', () => {
      clearTimeout(quiet)
      resolve({ received, isCut })
    })
  })
}
