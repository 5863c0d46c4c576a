/**
 * The body of a chunked response, whatever its chunks. How parts become chunks is the business of Node: newer ones put
 * together what is written in one turn.
 */
export function chunkedBody(received: string): string {
  const start = received.indexOf('\r\n\r\n') + 4
  let body = ''
  for (let at = start; ; ) {
    const [line = '', size = ''] = /^([\da-f]+)\r\n/i.exec(received.slice(at)) ?? []
    if (line === '') throw new Error(`No chunk at ${at}: ${JSON.stringify(received)}`)
    const begin = at + line.length
    const end = begin + Number.parseInt(size, 16)
    if (received.slice(end, end + 2) !== '\r\n')
      throw new Error(`Chunk cut at ${at}: ${JSON.stringify(received)}`)
    if (end === begin) return body
    body += received.slice(begin, end)
    at = end + 2
  }
}
