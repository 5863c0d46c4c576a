/** What a generation is made of, and what each of its workers is started with. */
import type { GroupSettings, ResolvedConfig, ResolvedGroup } from '../config/settings.js'
import { workerSettingsOf } from '../config/worker-settings-of.js'
import { arbitersOutputFd, type SpawnRequest } from '../process/spawner.js'
import type { WorkerInit } from '../protocol/messages.js'
import type { BoundSocket } from '../sockets/bind.js'
import type { OpenAddress } from '../sockets/open-address.js'
import type { RunningTls } from '../tls/group-tls.js'
import { encryptedSockets, plainHttp2Sockets } from './encrypted.js'
import type { GroupPolicy } from './group-policy.js'
import { policyOf } from './group-policy.js'
import type { WorkerRow } from './worker-table.js'

/** One reload's worth of configuration, with its sockets. */
export interface Generation {
  readonly number: number
  readonly config: ResolvedConfig
  readonly groups: ReadonlyMap<string, LaunchGroup>
}

/** How the first generation starts. */
export interface BeginOptions {
  /** Boot to standby only. @default false */
  readonly isHeld?: boolean
  /** How many workers a predecessor wanted in each group that scales with its load. @default none */
  readonly inherited?: ReadonlyMap<string, number> | undefined
}

export interface LaunchGroup {
  readonly group: ResolvedGroup
  readonly sockets: readonly BoundSocket[]
  /** Supplies the sockets if the app decides its address. Until then there are none. */
  readonly open?: OpenAddress | undefined
  /** Absent: no connection is encrypted. */
  readonly tls?: RunningTls | undefined
}

/** A worker sends a heartbeat at least three times within `timeout`, and otherwise once a second. */
const maxHeartbeatMs = 1_000
const minHeartbeatMs = 100

/** A placeholder for the listener that is bound later. */
const openListener = { address: { address: '127.0.0.1', family: 'IPv4', port: 0 } }

export function policiesOf({ config, groups }: Generation): ReadonlyMap<string, GroupPolicy> {
  return new Map([...groups].map(([name, { group }]) => [name, policyOf(group, config)] as const))
}

export interface LaunchOrder {
  readonly generation: Generation
  readonly launch: LaunchGroup
  readonly row: WorkerRow
  /** What the worker inherits. */
  readonly env: NodeJS.ProcessEnv
}

export function spawnRequest({ generation, launch, row, env }: LaunchOrder): SpawnRequest {
  const { group, sockets, open, tls } = launch
  const isOpen = open !== undefined && sockets.length === 0
  const encrypted = encryptedSockets(launch)
  const plainHttp2 = plainHttp2Sockets(launch)
  const { arbiter, groups, identity: runAs } = generation.config
  const label =
    groups.length > 1 ? `${arbiter.procName}: worker [${group.name}]` : `${arbiter.procName}: worker`
  const init: WorkerInit = {
    group: group.name,
    age: row.age,
    generation: row.generation,
    slot: row.slot,
    app: { ...group.app, kind: group.settings.appKind },
    workerClassUrl: group.workerClass.url,
    options: group.settings.workerOptions,
    settings: { ...workerSettingsOf(group.settings), workerConnections: group.connections },
    listeners: isOpen
      ? [openListener]
      : sockets.map(({ address }, index) => ({
          address,
          isTls: encrypted[index] === true,
          ...(plainHttp2[index] && { isHttp2: true }),
        })),
    ...(tls && { tls: tls.current.listener }),
    ...(group.inspector && { inspector: group.inspector }),
    ...(isOpen && { isAddressOpen: true }),
    isAppSignalled: group.settings.appSignal,
    umask: arbiter.umask,
    ...(runAs && { identity: runAs }),
    ...accessLogOf(group.settings),
    capturesOutput: group.settings.captureOutput,
    title: label,
    hooksFile: generation.config.hooksFile,
    workers: group.workers,
    given: [...group.given],
    heartbeatMs: heartbeatMs(group.settings.timeout * 1_000),
  }
  // Tells the app which worker it runs in. Documented in the reference of settings.
  const identity = {
    TUNICORN_GROUP: group.name,
    TUNICORN_WORKER: String(row.age),
    TUNICORN_GENERATION: String(row.generation),
    TUNICORN_SLOT: String(row.slot),
    // The slot again, under PM2's name for it.
    NODE_APP_INSTANCE: String(row.slot),
  }
  return {
    init,
    cwd: arbiter.chdir,
    env: { ...group.fileVariables, ...env, ...identity, ...group.settings.env },
    nodeOptions: group.settings.nodeOptions,
  }
}

const standardOutput = 1

function accessLogOf(settings: GroupSettings): Pick<WorkerInit, 'accessLog'> {
  const { accessLog, accessLogFields, accessLogFormat, accessLogSkip, captureOutput } = settings
  if (accessLog === '') return {}
  // What the app prints is captured. What is written to standard output on purpose is not.
  const fd = captureOutput ? arbitersOutputFd : standardOutput
  const said = { format: accessLogFormat, fields: accessLogFields, skip: accessLogSkip }
  return { accessLog: { file: accessLog, fd, ...said } }
}

/** The interval of a worker's heartbeats. */
export function heartbeatMs(timeoutMs: number): number {
  if (timeoutMs === 0) return maxHeartbeatMs
  return Math.min(maxHeartbeatMs, Math.max(minHeartbeatMs, timeoutMs / 4))
}
