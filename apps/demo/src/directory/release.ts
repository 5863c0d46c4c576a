/**
 * A deploy without changing files of the repository: the release is a small file in the demo's directory.
 *
 * The config reads it again on every reload, and passes it to the workers of that generation in their environment. A worker
 * that is still spawned for an old generation gets the release of that generation, as it would with release directories.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { type Release, releaseSchema } from '../shared/release.js'
import type { DemoDirectory } from './demo-directory.js'

const first: Release = { number: 1, isBroken: false }

/** The release that is deployed, whether or not a reload has accepted it. */
export function readRelease(directory: DemoDirectory): Release {
  if (!existsSync(directory.release)) return first
  return v.parse(releaseSchema, JSON.parse(readFileSync(directory.release, 'utf8')))
}

/** Deploys the next release. It takes effect with the next reload. */
export function deployRelease(directory: DemoDirectory, isBroken: boolean): Release {
  const release = { number: readRelease(directory).number + 1, isBroken }
  writeFileSync(`${directory.release}.new`, JSON.stringify(release), { mode: 0o600 })
  renameSync(`${directory.release}.new`, directory.release)
  return release
}

/** For the environment of the workers; `currentRelease` reads it there. */
export function releaseVariables(release: Release): Readonly<Record<string, string>> {
  return { DEMO_RELEASE: String(release.number), DEMO_RELEASE_IS_BROKEN: String(release.isBroken) }
}
