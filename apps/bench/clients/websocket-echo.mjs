/**
 * Usage: websocket-echo.mjs URL CONNECTIONS SECONDS. Every connection sends a text of 64 bytes, waits for its echo and sends
 * the next. Prints messages per second.
 */
import { WebSocket } from 'ws'

const [url, connections, seconds] = process.argv.slice(2)
const message = 'm'.repeat(64)
let echoes = 0

const sockets = await Promise.all(
  Array.from({ length: Number(connections) }, () => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    return new Promise((resolve, reject) => socket.once('open', () => resolve(socket)).once('error', reject))
  }),
)
const startedAt = performance.now()
for (const socket of sockets) {
  socket.on('message', () => {
    echoes += 1
    socket.send(message)
  })
  socket.send(message)
}
setTimeout(() => {
  process.stdout.write(`${(echoes * 1000) / (performance.now() - startedAt)}\n`)
  process.exit()
}, Number(seconds) * 1000)
