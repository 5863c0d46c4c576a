import { startProcess } from '@tunicorn/harness'
import { type Contender, start, workerPids } from '../contender.js'
import { clientFile } from '../load-tool.js'
import { median, ratiosByRound } from '../median.js'
import { residentMegabytes } from '../memory.js'
import type { Row } from '../row.js'
import { asgi, barePaths } from './asgi-hello.js'

const SOCKETS = 10_000
const TARGET = 1.3
/** Each takes about as long as a load run. */
const MOST_ROUNDS = 3

export const row: Row = {
  name: 'asgi-idle-websockets',
  order: 134,
  title: `One worker, worker class \`asgi\`, resident memory of one of ${SOCKETS} idle WebSockets`,
  measure: async ({ rounds, progress }) => {
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 1; round <= Math.min(rounds, MOST_ROUNDS); round++) {
      bare.push(await kilobytesPerSocket(barePaths('bare `ws`')))
      ours.push(await kilobytesPerSocket(asgi('--worker-connections', String(2 * SOCKETS))))
      progress(`round ${round}: bare ${bare.at(-1)?.toFixed(1)} kB, ours ${ours.at(-1)?.toFixed(1)} kB`)
    }
    const ratio = median(ratiosByRound(ours, bare))
    return {
      baseline: `bare \`ws\` ${median(bare).toFixed(1)} kB`,
      tunicorn: `${median(ours).toFixed(1)} kB`,
      result: `× ${ratio.toFixed(2)}`,
      target: `≤ ${TARGET.toFixed(1)}`,
      isReached: ratio <= TARGET,
    }
  },
}

async function kilobytesPerSocket(contender: Contender): Promise<number> {
  await using server = await start(contender, false)
  const pid = workerPids(server)[0] ?? server.process.pid
  const before = await residentMegabytes(pid)
  const url = server.url.replace('http', 'ws')
  await using client = await startProcess(process.execPath, [
    clientFile('websocket-idle.mjs'),
    url,
    String(SOCKETS),
  ])
  await client.waitForOutput(/open/, 120_000)
  const after = await residentMegabytes(pid)
  return ((after - before) * 1024) / SOCKETS
}
