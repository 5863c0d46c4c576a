/** Serves an app with two workers, asks it for all it has, reloads under load and ends it. Throws where anything is not right. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { checkAllOk, LoadRun, type RunningProcess, servingUrl, startProcess } from '@tunicorn/harness'
import { answerTo, checkParts } from './answers.js'
import type { Framework } from './framework.js'
import { commandIn } from './install.js'
import { openClients } from './socket-clients.js'

export interface Served {
  readonly framework: Framework
  /** Of the framework. */
  readonly version: string
  /** Requests during the reload, of which none failed. */
  readonly requests: number
}

/** `installed`: where the command is installed. `folder`: that of the app, in it. */
export async function runFramework(
  framework: Framework,
  { installed, folder }: { readonly installed: string; readonly folder: string },
): Promise<Served> {
  const [node, command] = commandIn(installed)
  const args = [framework.start, '-k', 'event-loop', '-w', '2', '-b', '127.0.0.1:0', '--canary-seconds', '0']
  await using running = await startProcess(node, [command, ...args], {
    cwd: folder,
    env: { PORT: undefined, WEB_CONCURRENCY: undefined, TUNICORN_CMD_ARGS: undefined },
  })
  const url = await servingUrl(running, 60_000)
  const { json, stream, ...others } = framework.asks
  for (const ask of [json, ...Object.values(others)]) await answerTo(url, ask)
  if (stream) await checkParts(url, stream)
  const requests = await reloadUnderLoad(framework, running, url)
  await end(framework, running)
  return { framework, version: await versionOf(framework, folder), requests }
}

async function reloadUnderLoad(
  { asks: { json }, sockets }: Framework,
  running: RunningProcess,
  url: string,
): Promise<number> {
  const clients = await openClients(sockets, url)
  await using load = new LoadRun({
    to: url,
    target: json.path,
    headers: json.headers ?? {},
    check: ({ body }) => {
      if (!json.answer.test(body)) throw new Error('Another answer')
      return undefined
    },
  })
  await load.waitForAnswers(20)
  running.signal('SIGHUP')
  await running.waitForOutput(/Reload done/, 60_000)
  await load.waitForAnswers(20)
  const report = await load.stop()
  checkAllOk(report)
  await clients.moved()
  await clients.leave()
  return report.requests
}

async function end({ name, farewell }: Framework, running: RunningProcess): Promise<void> {
  const exit = await running.stop('SIGTERM', 40_000)
  if (exit.code !== 0) throw new Error(`${name} ended with ${exit.code ?? exit.signal}:\n${running.output}`)
  // Two workers before the reload, and two after it.
  const farewells = farewell === undefined ? 4 : running.output.split(farewell).length - 1
  if (farewells !== 4)
    throw new Error(`${name}: ${farewells} of 4 workers were shut down:\n${running.output}`)
  const wrong = /was killed|Cut at the deadline|failed to|not done with its end/.exec(running.output)
  if (wrong) throw new Error(`${name}: something went wrong, "${wrong[0]}":\n${running.output}`)
}

async function versionOf({ package: name }: Framework, folder: string): Promise<string> {
  const paths = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? []
  for (const path of paths) {
    const text = await readFile(join(path, name, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return String(JSON.parse(text).version)
  }
  throw new Error(`${name} is not installed for ${folder}`)
}
