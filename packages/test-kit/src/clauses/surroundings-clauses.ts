/** 206, 207 and 901: what an app finds around it, wherever the class runs it. */
import assert from 'node:assert/strict'
import { connect } from 'node:tls'
import { HttpClient } from '../driver/http-client.js'
import { certificate, listenerTls } from '../fixtures/certificate.js'
import type { ArbiterReport } from '../processes/arbiter-report.js'
import { quietMoment } from '../rig/within.js'
import { type Clause, clause } from '../scene/clause.js'
import type { Scene } from '../scene/scene.js'
import { broadcastsOnCue } from '../stage/app-stage.js'
import { promises, speaksHttp } from './applicability.js'

/** Not the slot of a process that was told nothing. */
const slot = 5
const said: readonly unknown[] = [1, 'two', { three: [3] }]

export const surroundingsClauses: readonly Clause[] = [
  clause({
    id: 'WC-206',
    look: '`Listener.tls`, in `Worker.serve`',
    about: '`tls` true',
    sentence: 'Connections at a listener with `tls` are encrypted with its certificate, and served',
    appliesTo: promises('tls', true),
    async run(scene) {
      const worker = await scene.serving({ tls: listenerTls, listeners: ['unix'] })
      const { address } = worker.listener
      const socket = connect({ path: String(address), servername: 'localhost', ca: certificate.cert })
      const client = await worker.open(async () => HttpClient.over(socket))
      await scene.within(
        new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)),
        'a handshake with the certificate of the listener',
      )
      if (speaksHttp(scene.subject)) await scene.within(client.request('echo'), 'an answer over TLS')
    },
  }),
  clause({
    id: 'WC-206',
    look: '`capabilities.tls`, which is the same wherever the module is imported',
    about: '`tls` not true',
    sentence: 'A configuration with a certificate is refused at the start',
    isRefusal: true,
    appliesTo: ({ workerClass }) => workerClass.capabilities.tls !== true,
    async run(scene) {
      const { child } = await scene.arbiter(certificate.cert + certificate.key)
      const report = await scene.within(
        child.report((each): each is ArbiterReport => each.type !== 'exit'),
        'the arbiter to start, or to refuse to',
      )
      assert.equal(report.type, 'refused', 'the arbiter serves an address with a certificate')
      assert.match(report.message, /does not speak TLS/)
    },
  }),
  clause({
    id: 'WC-207',
    look: 'the environment that the class gives to its threads and processes; `WorkerContext.slot` is the same number',
    sentence: 'The app finds the slot of its worker as `TUNICORN_SLOT` in its environment, wherever it runs',
    async run(scene) {
      const { stage } = await scene.process({ slot })
      await scene.within(
        stage.when(() => stage.slots.length > 0),
        'the app to be loaded',
      )
      assert.deepEqual([...new Set(stage.slots)], [String(slot)], '`TUNICORN_SLOT` as the app sees it')
    },
  }),
  clause({
    id: 'WC-901',
    look: '`WorkerContext.broadcast` and `WorkerContext.onBroadcast`, and `installAppBridge` in threads of the class',
    sentence:
      'What other workers broadcast reaches the app wherever it runs, and what the app broadcasts leaves the worker, each once and in order',
    async run(scene) {
      const worker = await scene.process()
      await worker.serve()
      await hear(scene, worker)
      await say(scene, worker)
    },
  }),
]

type Process = Awaited<ReturnType<Scene['process']>>

async function hear(scene: Scene, worker: Process): Promise<void> {
  const { heard, loaded } = worker.stage
  worker.broadcast(said)
  await scene.within(
    worker.stage.when(() => loaded.every(instance => (heard.get(instance)?.length ?? 0) >= said.length)),
    `every instance of the app to hear ${said.length} broadcasts`,
  )
  await quietMoment()
  for (const instance of loaded)
    assert.deepEqual(heard.get(instance), said, 'what an instance of the app has heard')
}

async function say(scene: Scene, worker: Process): Promise<void> {
  const instances = worker.stage.loaded
  const expected = instances.length * broadcastsOnCue
  worker.stage.cue('broadcast')
  await scene.within(worker.broadcasted(expected), `${expected} broadcasts of the app to leave the worker`)
  await quietMoment()
  // Instances know nothing of each other, so only the order within each one counts.
  const bySender = instances.map(instance =>
    worker.broadcasts.filter(value => String(value).startsWith(`${instance} `)),
  )
  assert.deepEqual(
    bySender,
    instances.map(instance =>
      Array.from({ length: broadcastsOnCue }, (_, index) => `${instance} ${index + 1}`),
    ),
    'what has left the worker, by instance of the app',
  )
}
