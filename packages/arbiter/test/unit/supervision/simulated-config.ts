/** Configurations of simulated servers, and how the workers of each behave. */
import type { ResolvedConfig, ResolvedGroup } from '../../../src/config/settings.js'
import { configSourceFrom } from '../../../src/config/source.js'
import type { BoundSocket } from '../../../src/sockets/bind.js'
import { fixtures } from '../../support/run-arbiter.js'
import { type Conduct, goodConduct } from './conduct.js'

/** One group of one generation. Durations in seconds, as in settings. */
export interface GroupPlan {
  readonly workers: number
  readonly spares: number
  readonly canarySeconds: number
  readonly maxSurge: number
  readonly maxProcesses: number
  readonly maxRestarts: number
  readonly maxUnavailable: number
  readonly timeout: number
  readonly bootTimeout: number
  readonly gracefulTimeout: number
  readonly maxAge: number
  readonly maxRss: number
  readonly exclusive: boolean
  readonly ports: readonly number[]
  /** Absent: the number of workers does not follow their load. */
  readonly autoscale?: { readonly min: number; readonly max: number }
  /** The memory of the server, for the whole of which one group stands. @default 0 */
  readonly maxRssTotal?: number
  /** What there is to do at this moment, in workers that would be busy all the time. */
  work?(now: number): number
  /** Left alone, all of its workers get to serve and go on serving. */
  readonly isSteady: boolean
  /** How the next worker behaves; undefined: the operating system refuses to start it. */
  conduct(): Conduct | undefined
}

/** The groups of one generation by name. */
export type GenerationPlan = ReadonlyMap<string, GroupPlan>

export const goodGroup: GroupPlan = {
  workers: 2,
  spares: 0,
  canarySeconds: 0,
  maxSurge: 1,
  maxProcesses: 0,
  maxRestarts: 0,
  maxUnavailable: 0,
  timeout: 6,
  bootTimeout: 8,
  gracefulTimeout: 4,
  maxAge: 0,
  maxRss: 0,
  exclusive: false,
  ports: [8_000],
  isSteady: true,
  conduct: () => goodConduct,
}

const source = configSourceFrom(
  { app: './app.mjs', workerClass: './plain-class.mjs' },
  { cwd: fixtures, env: {} },
)
const base = await source.load()

export function configOf(plan: GenerationPlan): ResolvedConfig {
  const maxRssTotal = Math.max(...[...plan.values()].map(group => group.maxRssTotal ?? 0))
  const groups = [...plan].map(([name, group]) => resolvedGroup(name, group))
  return { ...base, arbiter: { ...base.arbiter, maxRssTotal }, groups }
}

function resolvedGroup(name: string, plan: GroupPlan): ResolvedGroup {
  const [group] = base.groups
  if (!group) throw new Error('the configuration has no group')
  const { workers, autoscale, spares, ports } = plan
  const { autoscale: _autoscale, isSteady: _isSteady, conduct: _conduct, work: _work, ...settings } = plan
  return {
    ...group,
    name,
    workers,
    autoscale,
    spares,
    settings: { ...group.settings, ...settings },
    addresses: ports.map(port => ({ type: 'tcp', host: '127.0.0.1', port })),
  }
}

/** A socket that nobody can reach. */
export function simulatedSocket(port: number): BoundSocket {
  const handle = {
    fd: port,
    isClosed: false,
    close(): void {
      handle.isClosed = true
    },
  }
  const address = { address: '127.0.0.1', family: 'IPv4', port }
  return { key: `127.0.0.1:${port}`, handle, address, url: `http://127.0.0.1:${port}` }
}
