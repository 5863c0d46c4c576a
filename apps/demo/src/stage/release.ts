/**
 * A deploy without changing files of the repository: the release is a small file on the stage.
 *
 * The config reads it, again on every reload, and hands it to the workers of that generation in their environment. So a
 * worker that an old generation still spawns gets the release of that generation, as it would with release directories.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'
import { type Release, releaseSchema } from '../shared/release.js'
import type { Stage } from './stage.js'

const first: Release = { number: 1, isBroken: false }

/** What is deployed, whether or not a reload has accepted it. */
export function readRelease(stage: Stage): Release {
  if (!existsSync(stage.release)) return first
  return v.parse(releaseSchema, JSON.parse(readFileSync(stage.release, 'utf8')))
}

/** Deploys the next release. It counts from the next reload on. */
export function deployRelease(stage: Stage, isBroken: boolean): Release {
  const release = { number: readRelease(stage).number + 1, isBroken }
  writeFileSync(`${stage.release}.new`, JSON.stringify(release), { mode: 0o600 })
  renameSync(`${stage.release}.new`, stage.release)
  return release
}

/** For the environment of the workers; `currentRelease` reads it there. */
export function releaseVariables(release: Release): Readonly<Record<string, string>> {
  return { DEMO_RELEASE: String(release.number), DEMO_RELEASE_IS_BROKEN: String(release.isBroken) }
}
