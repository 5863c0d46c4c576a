/**
 * Usage: handshakes.mjs URL CONNECTIONS SECONDS. One request on every connection, and no session is taken up again: wrk does that
 * with every second of its connections. Prints connections per second.
 */
import { connect, createSecureContext } from 'node:tls'

const [url, connections, seconds] = process.argv.slice(2)
const { hostname, port } = new URL(url)
const request = `GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: close\r\n\r\n`
// Made once: it costs more than the handshake. The certificate is one that nobody has signed.
const options = { host: hostname, port, secureContext: createSecureContext(), rejectUnauthorized: false }
let answered = 0

function open() {
  const socket = connect(options, () => {
    if (socket.isSessionReused()) throw new Error('A session was taken up again')
    socket.write(request)
  })
  let head = ''
  socket.on('data', bytes => {
    head ||= bytes.toString('latin1')
  })
  socket.on('close', () => {
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(`No answer, but ${head}`)
    answered += 1
    open()
  })
}

for (let count = 0; count < Number(connections); count += 1) open()
setTimeout(() => {
  process.stdout.write(`${answered / Number(seconds)}\n`)
  process.exit()
}, Number(seconds) * 1000)
