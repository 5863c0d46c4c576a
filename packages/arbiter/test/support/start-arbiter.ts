/** Starts the built arbiter as a service manager does: with variables, descriptors and perhaps another user. */

import { chmod, cp, symlink } from 'node:fs/promises'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import {
  connectionTo,
  type RunningProcess,
  startProcess,
  type TemporaryDirectory,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { fixtures } from './run-arbiter.js'

export interface ArbiterStart {
  readonly settings?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  readonly fds?: readonly number[]
  /** Folder with the fixtures. @default the one in this package */
  readonly directory?: string
  /** Runs in a shell that then becomes the arbiter; `$$` is therefore the arbiter's process id. */
  readonly prologue?: string
  /** The fixture that runs the arbiter. @default 'run.mjs' */
  readonly runner?: string
}

/** Does not wait for it. */
export function startArbiter(start: ArbiterStart = {}): Promise<RunningProcess> {
  const { settings = {}, env = {}, fds = [], directory = fixtures, prologue = '', runner = 'run.mjs' } = start
  const config = {
    chdir: directory,
    app: './who-am-i.mjs',
    workerClass: './plain-class.mjs',
    workers: 2,
    logFormat: 'text',
    // Most tests look at what comes after it.
    canarySeconds: 0,
    ...settings,
  }
  const args = [
    '-c',
    `${prologue} exec "$0" "$@"`,
    testNode(),
    `${directory}${runner}`,
    JSON.stringify(config),
  ]
  return startProcess('/bin/sh', args, { cwd: directory, env, fds })
}

/** The built package in a directory that every user of the machine may read. */
export async function publicCopy(): Promise<TemporaryDirectory & { readonly fixtures: string }> {
  const directory = await temporaryDirectory()
  const inPackage = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
  await cp(fixtures, `${directory.path}/test/fixtures`, { recursive: true })
  await cp(inPackage('dist'), `${directory.path}/dist`, { recursive: true })
  await cp(inPackage('package.json'), `${directory.path}/package.json`)
  await symlink(inPackage('../../node_modules'), `${directory.path}/node_modules`)
  await chmod(directory.path, 0o755)
  return { ...directory, fixtures: `${directory.path}/test/fixtures/` }
}

export interface WhoAmI {
  readonly pid: number
  readonly atImport: { readonly uid: number; readonly gid: number }
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
  readonly umask: number
  readonly rootAgain: string
  readonly variables: readonly string[]
}

/** Asks the fixture `who-am-i`, at a URL or `unix:PATH`. */
export function askWho(url: string): Promise<WhoAmI> {
  const to = connectionTo(url)
  return new Promise((resolve, reject) => {
    request({ ...('path' in to ? { socketPath: to.path } : to), agent: false, timeout: 20_000 }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => {
        body += text
      })
      response.on('end', () => {
        const answer: WhoAmI = JSON.parse(body)
        resolve(answer)
      })
    })
      .once('error', reject)
      .end()
  })
}
