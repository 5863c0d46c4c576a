/** A real arbiter in a process of its own, that can be killed. */
import { Arbiter, type Config } from '@tunicorn/arbiter'
import { createSpawner, type Spawner } from '@tunicorn/arbiter/internal'
import type { ArbiterReport } from './arbiter-report.js'

const [json = '{}'] = process.argv.slice(2)
// Written by the suite; the arbiter validates it.
const config: Config = JSON.parse(json)
const say = (report: ArbiterReport): void => {
  process.send?.(report)
}

const processes = createSpawner()
const spawner: Spawner = {
  spawn(request, events) {
    const worker = processes.spawn(request, {
      onMessage: message => events.onMessage(message),
      onLog: record => events.onLog(record),
      onOutput: (name, line) => events.onOutput(name, line),
      onBroken: reason => events.onBroken(reason),
      onExit(exit) {
        if (worker.pid !== undefined) say({ type: 'exit', pid: worker.pid, ...exit })
        events.onExit(exit)
      },
      onFailed: why => events.onFailed(why),
    })
    return worker
  },
}
const arbiter = new Arbiter(config, { spawner })
await arbiter.start()
const [address] = arbiter.addresses
if (address !== undefined) say({ type: 'serving', address })
process.once('message', () => {
  void arbiter.stop('kill').then(() => process.exit(0))
})
