import { checkAllOk, LoadRun } from '@tunicorn/harness'
import { bareNode, type Contender, start, tunicorn, workerPids } from '../contender.js'
import { median } from '../median.js'
import { residentMegabytes } from '../memory.js'
import type { Row } from '../row.js'

const REQUESTS = 10_000
const TARGET = 15

export const row: Row = {
  name: 'worker-memory',
  order: 40,
  title: 'Resident memory of one worker, hello, after 10,000 requests',
  measure: async ({ rounds, progress }) => {
    const bare: number[] = []
    const worker: number[] = []
    for (let round = 1; round <= rounds; round++) {
      bare.push(await memoryAfterLoad(bareNode()))
      worker.push(await memoryAfterLoad(tunicorn('node-app.mjs', 1)))
      progress(
        `round ${round}/${rounds}: bare ${bare.at(-1)?.toFixed(1)} MB, worker ${worker.at(-1)?.toFixed(1)} MB`,
      )
    }
    const difference = median(worker) - median(bare)
    return {
      baseline: `bare \`node:http\` ${median(bare).toFixed(1)} MB`,
      tunicorn: `${median(worker).toFixed(1)} MB`,
      result: `${difference >= 0 ? '+' : ''}${difference.toFixed(1)} MB`,
      target: `≤ +${TARGET} MB`,
      isReached: difference <= TARGET,
    }
  },
}

async function memoryAfterLoad(contender: Contender): Promise<number> {
  await using server = await start(contender, false)
  checkAllOk(await new LoadRun({ to: server.url, clients: 16, maxRequests: REQUESTS }).finished)
  const [worker] = workerPids(server)
  return await residentMegabytes(worker ?? server.process.pid)
}
