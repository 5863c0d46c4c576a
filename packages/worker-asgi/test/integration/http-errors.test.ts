import type { App, HttpSendEvent } from '@tunicorn/worker-asgi'
import { expect } from 'vitest'
import { http, respond } from '../support/apps.js'
import { type Probe, protocolError } from '../support/probe.js'
import { get } from '../support/requests.js'
import { describeRows, type Row } from '../support/rows.js'

const start: HttpSendEvent = { type: 'http.response.start', status: 200 }
const last: HttpSendEvent = { type: 'http.response.body', body: 'body' }
const part: HttpSendEvent = { type: 'http.response.body', body: 'part', moreBody: true }

/** Sends the events one after the other; a rejection ends the app. */
function sends(...events: readonly HttpSendEvent[]): () => App {
  return () =>
    http(async (_scope, _receive, send) => {
      for (const event of events) await send(event)
    })
}

/** Sends what no type would allow, notes what happens, and then answers. */
function tries(...events: readonly unknown[]): (probe: Probe) => App {
  return probe =>
    http(async (_scope, _receive, send) => {
      for (const event of events) await probe.noteOutcome(send(event as HttpSendEvent))
      await send(start)
      await send(last)
    })
}

const clean500 =
  /^HTTP\/1\.1 500 Internal Server Error\r\n.*connection: close\r\n.*\r\nInternal Server Error$/is

const wrong: readonly (readonly [string, unknown])[] = [
  ['an unknown type', { type: 'not_a_real_type' }],
  ['no object', undefined],
  ['no type', {}],
  ['a body before the start', last],
  ['trailers before the start', { type: 'http.response.trailers', headers: [] }],
  ['a file before the start', { type: 'http.response.pathsend', path: '/' }],
  ['a status that is text', { type: 'http.response.start', status: '201 NO CONTENT' }],
  ['status 0', { type: 'http.response.start', status: 0 }],
  ['status 101', { type: 'http.response.start', status: 101 }],
  ['status 1000', { type: 'http.response.start', status: 1000 }],
  ['headers that are a number', { ...start, headers: 1 }],
  ['headers that are an object', { ...start, headers: { a: 'b' } }],
  ['a header that is text', { ...start, headers: ['ab'] }],
  ['a header with a number', { ...start, headers: [['a', 1]] }],
  ['a `trailers` that is text', { ...start, trailers: 'yes' }],
  ['hints that are no list', { type: 'http.response.early_hint', links: 1 }],
  ['hints that are no links', { type: 'http.response.early_hint', links: ['no link\r\n'] }],
]

describeRows('HTTP: errors of the app', [
  {
    given: 'an app that throws',
    when: 'nothing was sent',
    expects: 'a 500 without detail, and the connection is closed',
    app: () => http(() => Promise.reject(new Error('a secret'))),
    sends: get(),
    receives: clean500,
    never: /secret/,
    connection: 'closed',
    logs: /a secret/,
  },
  {
    given: 'an app that throws at once',
    when: 'it is called',
    expects: 'a 500',
    app: () =>
      http(() => {
        throw new Error('a secret')
      }),
    sends: get(),
    receives: clean500,
    connection: 'closed',
  },
  {
    given: 'an app that throws',
    when: 'the head and a part of the body are out',
    expects: 'the connection is cut, and the response never looks complete',
    app: () =>
      http(async (_scope, _receive, send) => {
        await send(start)
        await send(part)
        throw new Error('too late')
      }),
    sends: get(),
    receives: /\r\n\r\n4\r\npart\r\n$/s,
    never: /0\r\n\r\n/,
    connection: 'closed',
    logs: /too late/,
  },
  {
    given: 'an app that returns',
    when: 'nothing was sent',
    expects: 'a 500, and the log says why',
    app: sends(),
    sends: get(),
    receives: clean500,
    connection: 'closed',
    logs: /ASGI callable returned without starting response\./,
  },
  {
    given: 'an app that only starts',
    when: 'it returns',
    expects: 'a 500, since the head was held',
    app: sends(start),
    sends: get(),
    receives: clean500,
    connection: 'closed',
    logs: /without completing response/,
  },
  {
    given: 'an app that sends a part of the body',
    when: 'it returns',
    expects: 'no end, and the connection is cut',
    app: sends(start, part),
    sends: get(),
    receives: /part\r\n$/,
    never: /0\r\n\r\n/,
    connection: 'closed',
  },
  {
    given: 'an app that starts twice',
    when: 'the second `send` is awaited',
    expects: 'it rejects, and the connection is closed',
    app: sends(start, start, last),
    sends: get(),
    receives: clean500,
    connection: 'closed',
    logs: /Expected `http\.response\.body`, got `http\.response\.start`/,
  },
  {
    given: 'an app that sends after the last part',
    when: 'the third `send` is awaited',
    expects: 'the response is whole, `send` rejects, and the connection is closed',
    app: sends(start, last, last),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nbody$/s,
    connection: 'closed',
    logs: /no event after the response is complete/,
  },
  {
    given: 'an app that returns 123',
    when: 'the response is complete',
    expects: 'the response is whole, the log says so, and the connection is closed',
    app: () =>
      http((async (_scope: unknown, _receive: unknown, send: (event: HttpSendEvent) => Promise<void>) => {
        await send(start)
        await send(last)
        return 123
      }) as never),
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nbody$/s,
    connection: 'closed',
    logs: /ASGI callable should return nothing, but returned '123'/,
  },
  ...wrong.map(
    ([what, event]): Row => ({
      given: `an app that sends ${what}`,
      when: 'nothing was sent before',
      expects: '`send` rejects, the app can go on, and the connection is closed after it',
      app: tries(event),
      sends: get(),
      receives: /^HTTP\/1\.1 200 OK\r\n.*connection: close\r\n.*\r\nbody$/is,
      connection: 'closed',
      notes: [protocolError],
    }),
  ),
  ...([1, null, [], {}] as const).map(
    (body): Row => ({
      given: `a body that is ${JSON.stringify(body)}`,
      when: 'it is sent',
      expects: '`send` rejects with a TypeError',
      app: probe =>
        http(async (_scope, _receive, send) => {
          await send(start)
          await probe.noteOutcome(send({ type: 'http.response.body', body: body as never }))
          await send(last)
        }),
      sends: get(),
      receives: /body$/,
      notes: [expect.any(TypeError)],
    }),
  ),
  {
    given: 'a `moreBody` that is no boolean',
    when: 'it is sent',
    expects: '`send` rejects and nothing of it is out',
    app: probe =>
      http(async (_scope, _receive, send) => {
        await send(start)
        await probe.noteOutcome(send({ type: 'http.response.body', body: 'no', moreBody: 'yes' as never }))
        await send(last)
      }),
    sends: get(),
    receives: /\r\nbody$/,
    notes: [protocolError],
  },
  {
    given: 'events with keys that nobody knows',
    when: 'they are sent',
    expects: 'they are accepted',
    app: () =>
      http(async (_scope, _receive, send) => {
        const more = { unknown: 1, more_body: true }
        await send({ ...start, ...more })
        await send({ ...last, ...more })
      }),
    sends: get(),
    receives: /\r\n\r\nbody$/s,
    connection: 'open',
  },
  {
    given: 'status 999',
    when: 'it is sent',
    expects: 'it is on the wire, without a reason',
    app: () => respond(999, []),
    sends: get(),
    receives: /^HTTP\/1\.1 999 ?\r\n/,
    connection: 'open',
  },
])
