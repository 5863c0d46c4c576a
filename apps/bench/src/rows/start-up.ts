import { Agent, get } from 'node:http'
import { startProcess } from '@tunicorn/harness'
import { bareNode, type Contender, tunicorn } from '../contender.js'
import { freePort } from '../free-port.js'
import { median } from '../median.js'
import type { Row } from '../row.js'

const TARGET_MS = 150
const TIMEOUT_MS = 20_000

export const row: Row = {
  name: 'start-up',
  order: 60,
  title: 'Start to first response, 2 workers, against `node app.js`',
  measure: async ({ rounds, progress }) => {
    const bare: number[] = []
    const ours: number[] = []
    for (let round = 0; round <= rounds; round++) {
      const port = await freePort()
      const bareMs = await startUpMs(bareNode(port), port)
      const oursMs = await startUpMs(tunicorn('node-app.mjs', 2, `127.0.0.1:${port}`), port)
      // The first round fills the file cache.
      if (round === 0) continue
      bare.push(bareMs)
      ours.push(oursMs)
      progress(`round ${round}/${rounds}: node ${Math.round(bareMs)} ms, Tunicorn ${Math.round(oursMs)} ms`)
    }
    const differenceMs = median(ours.map((oursMs, round) => oursMs - (bare[round] ?? 0)))
    return {
      baseline: `\`node app.js\` ${Math.round(median(bare))} ms`,
      tunicorn: `${Math.round(median(ours))} ms`,
      result: `+${Math.round(differenceMs)} ms`,
      target: `≤ +${TARGET_MS} ms`,
      isReached: differenceMs <= TARGET_MS,
    }
  },
}

/** From the start of the process to the end of its first answer. */
async function startUpMs(
  { command: [command, ...args], env = {} }: Contender,
  port: number,
): Promise<number> {
  const startedAt = performance.now()
  await using running = await startProcess(command, args, { env })
  while (!(await answers(port))) {
    if (performance.now() - startedAt > TIMEOUT_MS) throw new Error(`No answer in time:\n${running.output}`)
  }
  return performance.now() - startedAt
}

function answers(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, agent: new Agent() }, response => {
      response.resume().once('end', () => resolve(true))
    })
    // Leaves the core to the server between two attempts.
    request.once('error', () => setTimeout(() => resolve(false), 2))
  })
}
