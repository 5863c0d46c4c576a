import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, test } from 'vitest'
import { KeptFields } from '../../src/service/kept-fields.js'

/** A request as Node has read it: one that is put together has no `headers`. */
async function received(fields: readonly string[]): Promise<IncomingMessage> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  // It listens at a port of TCP.
  const { port } = server.address() as AddressInfo
  const client = connect(port, '127.0.0.1')
  client.write(['GET / HTTP/1.1', 'Host: test', ...fields, '', ''].join('\r\n'), 'latin1')
  const [req]: IncomingMessage[] = await once(server, 'request')
  client.destroy()
  server.close()
  if (req === undefined) throw new Error('No request came')
  return req
}

test.each([
  [[]],
  [['X-Empty: ', 'X-Last: ']],
  [['X-Bytes: \u00e4\u00ff', 'Cookie: a=1', 'cookie: b=2', 'Age: 1', 'Age: 2', 'X-A: 1', 'x-a: 2']],
])('the fields %j are kept as Node has them', async fields => {
  const req = await received(fields)
  const kept = new KeptFields(req)
  expect(kept.rawHeaders).toEqual(req.rawHeaders)
  expect(kept.httpVersion).toBe('1.1')
  const names = req.rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
  for (const name of names.filter((each, index) => names.indexOf(each) !== index))
    expect(kept.headers[name]).toBe(req.headers[name])
})
