/** The command from its arguments to its exit code. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { workerClassProblems } from '@tunicorn/arbiter/testing'
import type { Driver } from '../driver/driver.js'
import { httpDriver } from '../driver/http-driver.js'
import { isWorkerModule } from '../processes/worker-module.js'
import { checkWorkerClass } from '../suite/check-worker-class.js'
import { endWhenKept } from '../suite/end-when-kept.js'
import { formatReport, formatResult } from '../suite/report.js'
import { type CommandLine, parseCommandLine, usage } from './arguments.js'
import { StrayErrors } from './stray-errors.js'

const graceMs = 2_000

/** Resolves with the exit code. Reports errors and never rejects. */
export async function runCommand(args: readonly string[]): Promise<number> {
  const known = process.getActiveResourcesInfo()
  try {
    const line = parseCommandLine(args)
    if (line === 'help') return say(usage)
    if (line === 'version') return say(`${version()}\n`)
    return await check(line, known)
  } catch (error) {
    process.stderr.write(`test-kit: ${error instanceof Error ? error.message : error}. See --help\n`)
    return 1
  }
}

async function check(line: CommandLine, known: readonly string[]): Promise<number> {
  const url = urlOf(line.module)
  const module: unknown = await import(url)
  if (!isWorkerModule(module))
    throw new Error(`${line.module} exports no worker class: ${problemsOf(module)}`)
  const { default: workerClass } = module
  const { options, patience, only } = line
  const stray = new StrayErrors()
  stray.listen()
  const report = await checkWorkerClass(workerClass, {
    module: url,
    driver: line.driver === undefined ? httpDriver : await driverOf(line.driver),
    options,
    ...(only.length > 0 && { only }),
    ...(patience !== undefined && { patience }),
    onResult: result => say(`${formatResult(result)}\n`),
  })
  const hasFailed = stray.count > 0 || report.results.some(({ status }) => status === 'failed')
  // Part of the suite proves nothing about the whole.
  if (hasFailed || only.length === 0) say(`${formatReport(report)}\n`)
  if (stray.count > 0) say(`${stray.format()}\n`)
  endWhenKept({ name: workerClass.name, known, graceMs })
  return hasFailed ? 1 : 0
}

async function driverOf(path: string): Promise<Driver> {
  const module: unknown = await import(urlOf(path))
  const driver: unknown = Reflect.get(Object(module), 'default')
  const isDriver = typeof Reflect.get(Object(driver), 'connect') === 'function'
  if (!isDriver) throw new Error(`${path} exports no driver as its default`)
  // It has the method that is called. Anything else that is missing fails the clauses that need it.
  return driver as Driver
}

function urlOf(path: string): string {
  return pathToFileURL(resolve(path)).href
}

function problemsOf(module: unknown): string {
  return workerClassProblems(Reflect.get(Object(module), 'default')).join('; ')
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return String(Reflect.get(Object(manifest), 'version'))
}

function say(text: string): 0 {
  process.stdout.write(text)
  return 0
}
