/**
 * The private directory that the groups of this demo share: sockets, the token of the page, the release.
 *
 * The config makes it and tells the workers where it is. It has mode 0700, so nobody else can reach the sockets in it.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lane } from '../shared/lane.js'
import { directoryPrefix, own, removeAbandoned } from './abandoned.js'

const variable = 'TUNICORN_DEMO_DIRECTORY'

/** Paths of what is in the directory. */
export interface DemoDirectory {
  readonly control: string
  readonly token: string
  readonly release: string
  socket(lane: Lane): string
}

/**
 * The directory of this arbiter. The config is read again on every reload, in the same process. The first read makes the
 * directory, and later ones find it in the environment. The arbiter removes it when it exits. If it was killed, the next
 * arbiter that starts removes it. The new arbiter of an upgrade has a directory of its own.
 */
export function makeDirectory(): DemoDirectory {
  const given = process.env[variable]
  if (given !== undefined) return directoryIn(given)
  removeAbandoned(tmpdir())
  const directory = mkdtempSync(join(tmpdir(), directoryPrefix))
  process.env[variable] = directory
  own(directory)
  const paths = directoryIn(directory)
  // In a file, because a variable would be visible to every app and in every list of processes.
  writeFileSync(paths.token, randomBytes(32).toString('base64url'), { mode: 0o600 })
  return paths
}

/** The directory, for the code of a worker. @throws Error when the worker was not started from the demo's config */
export function currentDirectory(): DemoDirectory {
  const directory = process.env[variable]
  if (directory === undefined)
    throw new Error(`${variable} is not set: start this app with tunicorn.config.ts`)
  return directoryIn(directory)
}

export function readToken(paths: DemoDirectory): string {
  return readFileSync(paths.token, 'utf8')
}

function directoryIn(directory: string): DemoDirectory {
  return {
    control: join(directory, 'control.sock'),
    token: join(directory, 'token'),
    release: join(directory, 'release.json'),
    socket: lane => join(directory, `${lane}.sock`),
  }
}
