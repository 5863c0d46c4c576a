/**
 * Usage: idle-connections.mjs URL CONNECTIONS ADDRESS. Opens them from this address, has one request answered on each, prints `open`,
 * and keeps them until it is ended. Ends with 1 when one of them is closed.
 */
import { connect } from 'node:net'

const [url, connections, localAddress] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const atOnce = 100

for (let open = 0; open < Number(connections); open += atOnce)
  await Promise.all(Array.from({ length: Math.min(atOnce, Number(connections) - open) }, openOne))
process.stdout.write('open\n')

function openOne() {
  const socket = connect({ host: hostname, port: Number(port), localAddress })
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  return new Promise((resolve, reject) => {
    socket.once('data', resolve).once('error', reject)
    socket.once('close', () => {
      console.error('A connection was closed')
      process.exit(1)
    })
  })
}
