/** Sends a stream over a connection of its own, and keeps what comes back. */
import { connect } from 'node:net'

/** Nothing came for so long, twice: the server waits for more of a body than there is. */
const quietMs = 1_500

export interface Reply {
  readonly received: string
  /** The client has ended its side, as nothing came any more. Answers may be missing. */
  readonly isQuiet: boolean
  /**
   * The client was still sending behind the last answer, and was told so with a reset, as by bare Node. Answers may have been lost
   * by that.
   */
  readonly isReset: boolean
}

export function send(path: string, pieces: readonly string[]): Promise<Reply> {
  return new Promise((resolve, reject) => {
    let received = ''
    let isQuiet = false
    let isReset = false
    let looks = 0
    const socket = connect({ path }).setEncoding('latin1')
    const timer = setInterval(() => {
      looks += 1
      if (looks === 2) {
        isQuiet = true
        socket.end()
      } else if (looks === 4) socket.destroy()
    }, quietMs)
    socket.on('data', (text: string) => {
      received += text
      looks = 0
    })
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (!socket.writable) return
        await new Promise(written => socket.write(piece, 'latin1', written))
        looks = 0
        if (pieces.length > 1) await new Promise(turn => setImmediate(turn))
      }
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      isReset = true
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') reject(error)
    })
    socket.on('close', () => {
      clearInterval(timer)
      resolve({ received, isQuiet, isReset })
    })
  })
}
