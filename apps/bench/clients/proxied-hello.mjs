// Requests on connections that begin with a prefix of the PROXY protocol, or with none. Prints how many were answered.
import { connect } from 'node:net'

const [host, port, seconds, prefix] = process.argv.slice(2)
const connections = 32
const request = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`
let answered = 0

function open() {
  const socket = connect(Number(port), host)
  socket.setNoDelay(true)
  socket.write(prefix === 'v1' ? `PROXY TCP4 192.0.2.1 ${host} 12345 80\r\n${request}` : request)
  // Every answer is small, and one at a time is asked for.
  socket.on('data', bytes => {
    if (bytes.subarray(0, 12).toString('latin1') !== 'HTTP/1.1 200') throw new Error(bytes.toString('latin1'))
    answered += 1
    socket.write(request)
  })
}

for (let count = 0; count < connections; count += 1) open()
setTimeout(() => {
  console.log(answered)
  process.exit(0)
}, Number(seconds) * 1000)
