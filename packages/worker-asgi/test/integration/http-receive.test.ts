import type { HttpSendEvent } from '@tunicorn/worker-asgi'
import { expect } from 'vitest'
import { http, readBody } from '../support/apps.js'
import { disconnectedError } from '../support/probe.js'
import { get, post } from '../support/requests.js'
import { describeRows } from '../support/rows.js'

const start: HttpSendEvent = { type: 'http.response.start', status: 200 }
const last: HttpSendEvent = { type: 'http.response.body', body: 'body' }

describeRows('HTTP: what an app receives, and when it may send', [
  {
    given: 'an app that has answered',
    when: 'it receives twice',
    expects: '`http.disconnect` twice',
    app: probe =>
      http(async (_scope, receive, send) => {
        await send(start)
        await send(last)
        probe.note((await receive()).type)
        probe.note((await receive()).type)
      }),
    sends: post('x'),
    receives: /body$/,
    notes: ['http.disconnect', 'http.disconnect'],
  },
  {
    given: 'an app that receives',
    when: 'the client leaves in the middle of the body',
    expects: '`http.disconnect`, never the end of the body',
    app: probe =>
      http(async (_scope, receive) => {
        let event = await receive()
        while (event.type === 'http.request') {
          probe.note(event.moreBody)
          event = await receive()
        }
        probe.note(event.type)
        probe.note((await receive()).type)
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 100'], 'POST')}0123456789`)
      await probe.noted(1)
      client.socket.end()
      expect(await probe.noted(3)).toEqual([true, 'http.disconnect', 'http.disconnect'])
    },
  },
  {
    given: 'an app that receives twice before it answers',
    when: 'the client stays',
    expects: 'the first gives an empty body, the second waits until the response is complete',
    app: probe =>
      http(async (_scope, receive, send) => {
        probe.note(await receive())
        const second = receive().then(event => probe.note(event.type))
        probe.note('answers')
        await send(start)
        await send(last)
        await second
      }),
    sends: get(),
    receives: /body$/,
    notes: [{ type: 'http.request', body: Buffer.alloc(0), moreBody: false }, 'answers', 'http.disconnect'],
  },
  {
    given: 'an app that receives twice before it answers',
    when: 'the client leaves',
    expects: 'the second gives `http.disconnect`',
    app: probe =>
      http(async (scope, receive) => {
        await receive()
        probe.note('waits')
        probe.note((await receive()).type)
        probe.note(scope.extensions.server?.signal.aborted)
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(get())
      await probe.noted(1)
      client.socket.destroy()
      expect(await probe.noted(3)).toEqual(['waits', 'http.disconnect', true])
      probe.expectNoErrors()
    },
  },
  {
    given: 'an app that ignores `receive`',
    when: 'the client has left and it sends',
    expects: '`send` rejects, whatever is sent, and nothing is logged as an error',
    app: probe =>
      http(async (scope, _receive, send) => {
        probe.note('waits')
        await new Promise(resolve => scope.extensions.server?.signal.addEventListener('abort', resolve))
        await probe.noteOutcome(send(start))
        await probe.noteOutcome(send({ type: 'nonsense' } as never))
        await send(start)
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(get())
      await probe.noted(1)
      client.socket.destroy()
      expect(await probe.noted(3)).toEqual(['waits', disconnectedError, disconnectedError])
      await new Promise(resolve => setImmediate(resolve))
      probe.expectNoErrors()
    },
  },
  {
    given: 'an app that does not await `send`',
    when: 'the client has left',
    expects: 'the process is not ended by an unhandled rejection',
    app: probe =>
      http(async (scope, _receive, send) => {
        probe.note('waits')
        await new Promise(resolve => scope.extensions.server?.signal.addEventListener('abort', resolve))
        void send(start)
        await new Promise(resolve => setImmediate(resolve))
        probe.note('goes on')
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(get())
      await probe.noted(1)
      client.socket.destroy()
      await probe.noted(2)
    },
  },
  {
    given: 'a request body that is received in two calls at once',
    when: 'it comes in two parts',
    expects: 'each call gets another part',
    app: probe =>
      http(async (_scope, receive, send) => {
        const first = receive()
        const second = receive()
        void first.then(() => probe.note('has the first'))
        const events = [await first, await second]
        probe.note(events.map(event => (event.type === 'http.request' ? event.body.toString() : event.type)))
        await send(start)
        await send(last)
      }),
    also: async ({ connect, probe }) => {
      const client = await connect()
      client.send(`${get('/', ['Content-Length: 4'], 'POST')}ab`)
      await probe.noted(1)
      client.send('cd')
      expect(await probe.noted(2)).toEqual(['has the first', ['ab', 'cd']])
      await client.until(/body$/)
    },
  },
  {
    given: 'an app that reads no more than it is given',
    when: 'the body is complete',
    expects: '`moreBody: false` came exactly once',
    app: probe =>
      http(async (_scope, receive, send) => {
        probe.note((await readBody(receive)).toString())
        await send(start)
        await send(last)
      }),
    sends: `${get('/', ['Transfer-Encoding: chunked'], 'POST')}2\r\nab\r\n0\r\n\r\n`,
    receives: /body$/,
    notes: ['ab'],
  },
])
