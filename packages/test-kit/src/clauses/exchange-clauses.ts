/** 301 to 303: what passes between the client and the app. Over HTTP, except for 302. */
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { HttpClient } from '../driver/http-client.js'
import { type HttpResponse, valuesOf } from '../driver/http-response.js'
import { secret } from '../fixtures/perform.js'
import type { TestWorker } from '../rig/test-worker.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Scene } from '../scene/scene.js'
import { knows, speaksHttp } from './applicability.js'

const about = 'HTTP'
const target = '/echo/a%20b//c/%E2%82%AC?x=%2F&y=1+2&y=&z'
const fields: readonly (readonly [string, string])[] = [
  ['host', 'localhost'],
  ['x-spaces', 'two  spaces'],
  ['x-twice', 'one'],
  ['x-other', 'between'],
  ['x-twice', 'two'],
]
/** Has every byte value, and takes more than one packet. */
const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256))

/** Ways of framing the same body. */
const framings = {
  length: { field: ['content-length', String(body.length)], wire: body },
  chunked: { field: ['transfer-encoding', 'chunked'], wire: inChunks([1, 60_000, 39_999]) },
} as const

export const exchangeClauses: readonly Clause[] = [
  clause({
    id: 'WC-301',
    look: 'what the class does between a connection and the app',
    about,
    sentence:
      'Method, target, headers, duplicate headers and body bytes reach the app unchanged; the response reaches the client unchanged',
    appliesTo: speaksHttp,
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        for (const { field, wire } of Object.values(framings)) {
          const sent = [...fields, field]
          const client = await worker.open(() => HttpClient.connect(worker.listener.address))
          client.send(
            `PUT ${target} HTTP/1.1\r\n${sent.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
          )
          client.send(wire)
          const response = await scene.within(client.response(), 'an answer')
          assert.deepEqual(echoedHead(response), { method: 'PUT', target, headers: joined(sent) })
          assert.deepEqual(
            { status: response.status, isComplete: response.isComplete },
            { status: 203, isComplete: true },
          )
          assert.deepEqual(valuesOf(response, 'set-cookie'), ['one=1', 'two=2'])
          assert.ok(response.body.equals(body), 'the body has changed on its way')
          client.leave()
        }
      }
    },
  }),
  clause({
    id: 'WC-302',
    look: 'what the class does with an error of the app: an answer, over HTTP 500, and one line for `WorkerContext.log.error`',
    sentence:
      'A throwing app yields an answer without detail, over HTTP 500; the error is logged once, the worker goes on',
    appliesTo: knows('throw'),
    async run(scene) {
      const asks = speaksHttp(scene.subject) ? [getThrow('throw'), getThrow('throw-now')] : [askToThrow]
      for (const kind of scene.kinds)
        for (const ask of asks) {
          const worker = await scene.serving({ kind })
          await ask(scene, worker)
          const next = await worker.connect()
          await scene.within(next.request('echo'), 'an answer to the next request')
          const { lines } = worker.recorder
          assert.deepEqual(
            lines.filter(({ level }) => level === 'error').map(({ level }) => level),
            ['error'],
            'the log lines with the error',
          )
          next.leave()
        }
    },
  }),
  clause({
    id: 'WC-303',
    look: 'what the class does with an error of the app when the head is out: it destroys the connection',
    about,
    sentence: 'A throw after the head was sent cuts the connection; the response never looks complete',
    appliesTo: speaksHttp,
    async run(scene) {
      for (const kind of scene.kinds) {
        const worker = await scene.serving({ kind })
        const client = await worker.open(() => HttpClient.connect(worker.listener.address))
        client.get('/throw-late')
        await scene.within(worker.stage.until('throw-late'), 'the app to write')
        worker.stage.cue('throw-late')
        // Without a head, nothing can look complete.
        const response = await scene.within(
          client.response().catch(() => undefined),
          'an end',
        )
        const looksComplete = response?.isComplete === true && response.status < 500
        assert.ok(!looksComplete, 'a response whose app has thrown looks complete')
        await scene.within(client.closed, 'the connection to be cut')
      }
    },
  }),
]

/** Asks through the driver, which knows what the answer has to be. */
async function askToThrow(scene: Scene, worker: TestWorker): Promise<void> {
  const client = await worker.connect()
  await scene.within(client.request('throw'), 'an answer that says that the app has failed')
  client.leave()
}

function getThrow(act: string): typeof askToThrow {
  return async (scene, worker) => {
    const client = await worker.open(() => HttpClient.connect(worker.listener.address))
    client.get(`/${act}`)
    const response = await scene.within(client.response(), 'an answer')
    assert.deepEqual(
      { status: response.status, isComplete: response.isComplete },
      { status: 500, isComplete: true },
    )
    const text = inspect({ headers: response.headers, body: response.body.toString() })
    assert.ok(!text.includes(secret) && !/\bat .*:\d+:\d+/.test(text), `the answer has details: ${text}`)
    client.leave()
  }
}

function inChunks(sizes: readonly number[]): Buffer {
  let at = 0
  const parts = sizes.flatMap(size => {
    const chunk = body.subarray(at, at + size)
    at += size
    return [Buffer.from(`${size.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]
  })
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
}

/** Some app kinds join duplicates, so they are compared joined. Their order is kept either way. */
function joined(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    const known = values[key]
    values[key] = known === undefined ? value : `${known}, ${value}`
  }
  return values
}

interface EchoedHead {
  readonly method: string
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
}

function echoedHead(response: HttpResponse): unknown {
  const [json = ''] = valuesOf(response, 'x-echo')
  // Written by the fixture; anything else fails the comparison.
  const head: EchoedHead = JSON.parse(Buffer.from(json, 'base64url').toString() || '{"headers":[]}')
  return { ...head, headers: joined(head.headers) }
}
