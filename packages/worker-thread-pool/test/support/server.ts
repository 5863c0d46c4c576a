/** The built command with this class and an app of the fixtures. */
import { fileURLToPath } from 'node:url'
import { type RunningProcess, startTunicorn } from '@tunicorn/harness'
import { fixture } from './start-worker.js'

export function start(app: string, ...args: readonly string[]): Promise<RunningProcess> {
  const workerClass = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
  return startTunicorn({
    args: [
      fileURLToPath(fixture(app)),
      '-k',
      workerClass,
      '-b',
      '127.0.0.1:0',
      '--log-format',
      'text',
      ...args,
    ],
  })
}

export async function workerPid(url: string): Promise<number> {
  return Number(await (await fetch(`${url}/pid`)).text())
}
