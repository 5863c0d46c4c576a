/** Usage: websocket-idle.mjs URL CONNECTIONS. Opens them, prints `open`, and keeps them until it is ended. */
import { WebSocket } from 'ws'

const [url, connections] = process.argv.slice(2)
const atOnce = 100

for (let open = 0; open < Number(connections); open += atOnce) {
  await Promise.all(
    Array.from({ length: Math.min(atOnce, Number(connections) - open) }, () => {
      const socket = new WebSocket(url, { perMessageDeflate: false })
      return new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    }),
  )
}
process.stdout.write('open\n')
