/** An upgrade ends the old arbiter. Where a container ends with that process, an upgrade would end both. */
import { readFileSync } from 'node:fs'
import { TunicornError } from '../errors.js'

interface Lineage {
  readonly pid: number
  readonly parent: number
  /** Program name of process 1; empty if it is unknown. */
  readonly init: string
}

/** These end when the process that they have started ends. */
const inits: ReadonlySet<string> = new Set(['tini', 'docker-init', 'dumb-init', 'catatonit', 'podman-init'])

/** @throws TunicornError `UPGRADE_REFUSED`: `isBusy`, or no successor could outlive this process */
export function requireUpgradable(isBusy: boolean): void {
  const obstacle = isBusy
    ? 'another one is under way, or the server is stopping'
    : upgradeObstacle(processLineage())
  if (obstacle !== undefined) throw new TunicornError('UPGRADE_REFUSED', `Upgrade refused: ${obstacle}`)
}

function upgradeObstacle({ pid, parent, init }: Lineage): string | undefined {
  const instead = 'Reload (HUP), or replace the container'
  if (pid === 1) return `this arbiter is process 1, and a container ends with that. ${instead}`
  if (parent === 1 && inits.has(init))
    return `process 1 (${init}) ends with this arbiter, and the container with both. ${instead}`
  return undefined
}

function processLineage(): Lineage {
  return { pid: process.pid, parent: process.ppid, init: nameOfInit() }
}

function nameOfInit(): string {
  try {
    return readFileSync('/proc/1/comm', 'utf8').trim()
  } catch {
    // This is not Linux, or the file is not readable for this process.
    return ''
  }
}
