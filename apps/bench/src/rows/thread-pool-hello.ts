import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tunicornMain } from '@tunicorn/harness'
import { type Contender, serverFile } from '../contender.js'
import { pythonWith } from '../python.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

const folder = new URL('../../../packages/worker-thread-pool/bench/', import.meta.url)
const app = fileURLToPath(new URL('app.mjs', folder))

/** `node:http` and `piscina.run` with 2 threads, as a user would write it. `path`: what the app does for `/`. */
export function byHand(path = '/'): Contender {
  return {
    name: '`node:http` + Piscina by hand',
    command: [process.execPath, fileURLToPath(new URL('by-hand.mjs', folder))],
    env: { BENCH_PATH: path },
  }
}

/** One worker with 2 threads. `path`: what the app does for `/`. */
export function threadPool(path = '/', ...args: readonly string[]): Contender {
  return contender('Tunicorn', path, ['-k', 'thread-pool', '-o', 'threads=2', ...args])
}

/** Workers of the class `event-loop` with the same app. */
export function eventLoop(path = '/', workers = 1): Contender {
  const name = workers === 1 ? 'event-loop' : `event-loop, ${workers} workers`
  return contender(name, path, ['-k', 'event-loop', '-w', String(workers)])
}

function contender(name: string, path: string, args: readonly string[]): Contender {
  return {
    name,
    command: [process.execPath, tunicornMain, app, '-b', '127.0.0.1:0', ...args],
    env: { BENCH_PATH: path },
  }
}

export const row: Row = {
  name: 'thread-pool-hello',
  order: 70,
  title: 'Thread pool, 2 threads, `fetch` hello, keep-alive',
  measure: async bench => {
    const peer = await gthread()
    const measurement = await compareThroughput(bench, {
      contenders: [byHand(), threadPool(), ...(peer === undefined ? [] : [peer])],
      keepAlive: true,
      isPinned: false,
      target: 1,
    })
    if (peer !== undefined) return measurement
    return { ...measurement, notes: ['Gunicorn `gthread`: not installed'] }
  },
}

/** One of Gunicorn's workers with 2 threads, if Gunicorn is installed. */
async function gthread(): Promise<Contender | undefined> {
  const python = await pythonWith(['gunicorn'], ['gunicorn'])
  if (python === undefined) return undefined
  const args = ['-k', 'gthread', '-w', '1', '--threads', '2', '-b', '127.0.0.1:0']
  const folder = dirname(serverFile('wsgi_app.py'))
  return {
    name: 'Gunicorn `gthread`, 2 threads',
    command: [python, '-m', 'gunicorn', ...args, '--chdir', folder, 'wsgi_app:app'],
  }
}
