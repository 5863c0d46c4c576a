import { availableParallelism } from 'node:os'
import { LoadRun, tunicornMain } from '@tunicorn/harness'
import { outputOf } from '../command.js'
import { type Contender, serverFile, start } from '../contender.js'
import { median, ratiosByRound } from '../median.js'
import { pythonWith } from '../python.js'
import type { Row } from '../row.js'

const TARGET = 0.8
const GUNICORN_TARGET = 1.5
const PROCESSES = 10
const WARM_UP_MS = 2_000
/** The warm-up uses up the spares that stand ready. What remains is the rate of boots. */
const LEAST_MS = 5_000

export const row: Row = {
  name: 'sync-exit',
  order: 80,
  title: 'Worker class `sync`, a process per request, 16 clients',
  measure: async ({ rounds, seconds, progress }) => {
    const peer = await gunicorn('--max-requests', '1')
    const limits: number[] = []
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 1; round <= rounds; round++) {
      limits.push(availableParallelism() / (await cpuSecondsOfProcess()))
      ours.push(await rate(sync(3), seconds))
      if (peer !== undefined) theirs.push(await rate(peer, seconds))
      progress(`round ${round}/${rounds}: limit ${limits.at(-1)?.toFixed(1)}/s, ${ours.at(-1)?.toFixed(1)}/s`)
    }
    const ratio = median(ratiosByRound(ours, limits))
    const peerRatio = peer === undefined ? undefined : median(ratiosByRound(ours, theirs))
    return {
      baseline: `cores ÷ CPU time of a process that imports \`node:http\`: ${median(limits).toFixed(1)}/s`,
      tunicorn: `${median(ours).toFixed(1)}/s`,
      result: `× ${ratio.toFixed(3)}`,
      target: `≥ ${TARGET.toFixed(2)}`,
      isReached: ratio >= TARGET && (peerRatio === undefined || peerRatio >= GUNICORN_TARGET),
      notes: [
        peerRatio === undefined
          ? 'Gunicorn: not installed'
          : `Gunicorn: ${median(theirs).toFixed(1)}/s, × ${peerRatio.toFixed(2)} (≥ ${GUNICORN_TARGET})`,
      ],
    }
  },
}

/** The app of kind `node` in the worker class `sync`. */
export function sync(workers: number, ...args: readonly string[]): Contender {
  const common = ['-k', 'sync', '-w', String(workers), '-b', '127.0.0.1:0', '--log-level', 'debug']
  return {
    name: 'Tunicorn `sync`',
    command: [process.execPath, tunicornMain, serverFile('node-app.mjs'), ...common, ...args],
  }
}

/** Gunicorn's sync workers with an app from Python's own library, if Gunicorn is installed. */
export async function gunicorn(...args: readonly string[]): Promise<Contender | undefined> {
  const python = await pythonWith(['gunicorn'], ['gunicorn'])
  if (python === undefined) return undefined
  const app = ['-k', 'sync', '-w', '3', '-b', '127.0.0.1:0', 'wsgiref.simple_server:demo_app']
  return { name: 'Gunicorn `sync`', command: [python, '-m', 'gunicorn', ...args, ...app] }
}

async function rate(contender: Contender, seconds: number): Promise<number> {
  await using server = await start(contender, false)
  const options = { to: server.url, clients: 16, keepAlive: false, timeoutMs: 30_000 }
  await new LoadRun({ ...options, maxMs: WARM_UP_MS }).finished
  const { outcomes, durationMs, failed, summary } = await new LoadRun({
    ...options,
    maxMs: Math.max(LEAST_MS, seconds * 1000),
  }).finished
  if (failed > 0) throw new Error(summary)
  return (outcomes.ok * 1000) / durationMs
}

/** Includes everything that the system does to start and to end the process, as a shell counts it. */
async function cpuSecondsOfProcess(): Promise<number> {
  const script = `i=0; while [ $i -lt ${PROCESSES} ]; do "$0" --input-type=module -e 'import "node:http"'; i=$((i+1)); done; times`
  const output = (await outputOf('sh', '-c', script, process.execPath)) ?? ''
  // The last line has the user and system time of the children.
  const times = [...(output.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  const seconds = times.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0)
  if (!(seconds > 0)) throw new Error(`The shell gave no times: ${output}`)
  return seconds / PROCESSES
}
