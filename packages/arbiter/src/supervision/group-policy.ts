/** The settings of a group on which supervision bases its decisions. */
import { availableParallelism } from 'node:os'
import type { ArbiterSettings, ResolvedConfig, ResolvedGroup } from '../config/settings.js'

/** How the number of workers follows the load. */
export interface AutoscalePolicy {
  readonly min: number
  readonly max: number
  /** Above this many bytes for all processes of the server, the group does not grow; 0 = no limit. */
  readonly maxRssTotalBytes: number
  /** A worker handles one request at a time. */
  readonly isSingle: boolean
  /** Connections that a worker accepts at a time; 0 = no limit. */
  readonly connections: number
}

/** What `reconcile` needs to know of a group's settings. Durations in milliseconds; 0 = off. */
export interface GroupPolicy {
  readonly workers: number
  readonly timeoutMs: number
  readonly bootTimeoutMs: number
  readonly gracefulTimeoutMs: number
  readonly maxAgeMs: number
  readonly maxRssBytes: number
  /** Workers beyond the target while others are replaced. */
  readonly maxSurge: number
  /** Processes that may exist at a time, in any state. Infinite: no limit. */
  readonly maxProcesses: number
  /** Unasked ends of workers tolerated within the window. Infinite: any number. */
  readonly maxRestarts: number
  readonly restartWindowMs: number
  /** Serving workers that may be missing from the target while others are replaced. */
  readonly maxUnavailable: number
  /** Booted workers kept in standby beyond the target. */
  readonly spares: number
  /** A worker serves only when its predecessor in the slot has ended. */
  readonly isExclusive: boolean
  /** Workers that may boot at the same time. */
  readonly maxBooting: number
  /** How long the first worker of a new generation serves before the others are replaced. */
  readonly canaryMs: number
  /** How far its share of failed requests may meanwhile exceed that of the old generation; 0 = not compared. */
  readonly canaryMaxErrors: number
  /** Absent: the number of workers is fixed until somebody changes it. */
  readonly autoscale: AutoscalePolicy | undefined
}

export function policyOf(group: ResolvedGroup, { arbiter }: ResolvedConfig): GroupPolicy {
  const { settings, workers, spares } = group
  return {
    workers,
    timeoutMs: settings.timeout * 1_000,
    bootTimeoutMs: settings.bootTimeout * 1_000,
    gracefulTimeoutMs: settings.gracefulTimeout * 1_000,
    maxAgeMs: settings.maxAge * 1_000,
    maxRssBytes: settings.maxRss,
    maxSurge: settings.maxSurge,
    maxProcesses: settings.maxProcesses || Number.POSITIVE_INFINITY,
    maxRestarts: settings.maxRestarts || Number.POSITIVE_INFINITY,
    restartWindowMs: (settings.restartWindow || Number.POSITIVE_INFINITY) * 1_000,
    maxUnavailable: settings.maxUnavailable,
    spares,
    isExclusive: settings.exclusive,
    // During development, what was saved should show at once, and a failure harms nobody. An exclusive
    // worker cannot serve beside the one that it replaces.
    canaryMs: arbiter.reload || settings.exclusive ? 0 : settings.canarySeconds * 1_000,
    canaryMaxErrors: settings.canaryMaxErrors,
    // Boots in the background must not starve the requests that the others serve.
    maxBooting: spares > 0 ? availableParallelism() : Number.POSITIVE_INFINITY,
    autoscale: autoscalePolicyOf(group, arbiter),
  }
}

function autoscalePolicyOf(
  { autoscale, connections, workerClass }: ResolvedGroup,
  { maxRssTotal }: ArbiterSettings,
): AutoscalePolicy | undefined {
  const isSingle = workerClass.definition.capabilities.concurrency === 'single'
  return autoscale && { ...autoscale, maxRssTotalBytes: maxRssTotal, isSingle, connections }
}
