import { once } from 'node:events'
import type { App } from '@tunicorn/worker-asgi'
import { expect } from 'vitest'
import { echo, http } from '../support/apps.js'
import { disconnectedError, type Probe } from '../support/probe.js'
import { get } from '../support/requests.js'
import { describeRows } from '../support/rows.js'

const chunk = Buffer.alloc(64 * 1024, 'x')

/** Sends forever and notes what stops it. Notes the high-water mark of what is waiting. */
function endless(probe: Probe): App {
  return http(async (scope, _receive, send) => {
    await send({ type: 'http.response.start', status: 200 })
    let most = 0
    const loop = async (): Promise<void> => {
      for (;;) {
        const sent = send({ type: 'http.response.body', body: chunk, moreBody: true })
        most = Math.max(most, scope.extensions.server?.bufferedAmount ?? 0)
        if (scope.extensions.server?.writable === false) probe.note('waiting')
        await sent
      }
    }
    await probe.noteOutcome(loop())
    probe.note(most)
  })
}

describeRows('HTTP: pipelining, sizes of heads and slow clients', [
  {
    given: 'an app that notes when it begins and ends',
    when: 'three requests come in one packet',
    expects: 'three responses in order, and no call before the one before it has ended',
    app: probe =>
      http(async ({ path }, _receive, send) => {
        probe.note(`${path} begins`)
        await new Promise(resolve => setImmediate(resolve))
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: `[${path}]` })
        probe.note(`${path} ends`)
      }),
    sends: get('/1') + get('/2') + get('/3'),
    receives: /\[\/1\].*\[\/2\].*\[\/3\]$/s,
    notes: ['/1 begins', '/1 ends', '/2 begins', '/2 ends', '/3 begins', '/3 ends'],
  },
  {
    given: 'an app that works on after its response',
    when: 'the next request is waiting',
    expects: 'it begins without waiting for that work',
    app: probe =>
      http(async ({ path }, _receive, send) => {
        await send({ type: 'http.response.start', status: 200 })
        await send({ type: 'http.response.body', body: `[${path}]` })
        if (path === '/1') await probe.noted()
        else probe.note(path)
      }),
    sends: get('/1') + get('/2'),
    receives: /\[\/1\].*\[\/2\]$/s,
    notes: ['/2'],
  },
  ...[
    'G?T / HTTP/1.1\r\n\r\n',
    'GET /?x=y z HTTP/1.1\r\n\r\n',
    'GET / HTTP1.1\r\n\r\n',
    'x'.repeat(100_000),
  ].map(bytes => ({
    given: 'any app',
    when: `${JSON.stringify(bytes.slice(0, 24))} comes`,
    expects: '400, and the connection is closed',
    app: echo,
    sends: bytes,
    receives: /^HTTP\/1\.1 400 /,
    connection: 'closed' as const,
  })),
  {
    given: 'the usual limits',
    when: 'a field is larger',
    expects: '431, and the connection is closed',
    app: echo,
    sends: get('/', [`X-Large: ${'x'.repeat(33_000)}`]),
    receives: /^HTTP\/1\.1 431 .*connection: close\r\n/is,
    connection: 'closed',
  },
  {
    given: 'a larger limit',
    when: 'a large field comes in two packets',
    expects: 'the request is served',
    app: echo,
    options: { limitRequestFieldSize: 65_536 },
    also: async ({ connect }) => {
      const client = await connect()
      const request = get('/', [`X-Large: ${'x'.repeat(33_000)}`])
      client.send(request.slice(0, 20_000))
      client.socket.once('drain', () => {})
      client.send(request.slice(20_000))
      await client.until(/^HTTP\/1\.1 200 /)
    },
  },
  {
    given: 'an app that sends without end and awaits each `send`',
    when: 'the client does not read',
    expects: '`send` waits with a bounded amount in memory, and goes on when the client reads',
    app: endless,
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.socket.pause()
      client.send(get())
      await probe.noted(1)
      // Nothing moves any more: the kernel is full and the app waits.
      const before = client.socket.bytesRead
      client.socket.resume()
      while (client.socket.bytesRead < before + 20_000_000) await once(client.socket, 'data')
      client.socket.destroy()
      while (probe.notes.length === 0 || typeof probe.notes.at(-1) !== 'number')
        await probe.noted(probe.notes.length + 1)
      expect(probe.notes.at(-1)).toBeLessThan(512 * 1024)
    },
  },
  {
    given: 'an app that waits in `send`',
    when: 'the client leaves',
    expects: '`send` rejects',
    app: endless,
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.socket.pause()
      client.send(get())
      await probe.noted(1)
      client.socket.destroy()
      while (!probe.notes.some(note => note instanceof Error)) await probe.noted(probe.notes.length + 1)
      expect(probe.notes.find(note => note instanceof Error)).toEqual(disconnectedError)
      probe.expectNoErrors()
    },
  },
])
