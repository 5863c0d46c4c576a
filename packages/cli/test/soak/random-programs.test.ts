/** Random programs, each from a seed that is printed. See `CONTRIBUTING.md` for `SEED` and `SOAK_SECONDS`. */
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'
import { repeatPrograms } from '../runs/random-choice.js'
import { type ProgramServer, signalProgram } from '../runs/signal-program.js'
import { startProgram } from '../runs/start-program.js'

function built(worker: string): string {
  return fileURLToPath(new URL(`../../../worker-${worker}/dist/index.js`, import.meta.url))
}

const servers: readonly (readonly [name: string, seed: number, server: ProgramServer])[] = [
  ['event-loop', 100, { workerClass: built('event-loop'), args: [] }],
  ['sync, one request per process', 200, { workerClass: built('sync'), args: ['-o', 'spares=3'] }],
  ['sync, long-lived', 300, { workerClass: built('sync'), args: ['--max-requests', '0', '-o', 'spares=0'] }],
  ['thread-pool', 400, { workerClass: built('thread-pool'), args: ['-o', 'threads=2'] }],
]

describe.each(servers)('%s', (name, seed, server) => {
  it('gets random signals under load: nothing hangs, nothing is lost but with a killed worker', () =>
    repeatPrograms(`signals, ${name}`, seed, choice => signalProgram(server, choice)))

  it('is stopped at a random moment of its start, and leaves nothing', () =>
    repeatPrograms(`starts, ${name}`, seed, choice => startProgram(server, choice)))
})
