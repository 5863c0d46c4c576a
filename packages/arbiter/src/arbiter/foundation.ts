/** What a server is built on: all that exists once its configuration is known, before anything is bound. */
import type { ResolvedConfig } from '../config/settings.js'
import { type ArbiterLog, createLog } from '../output/logger.js'
import { Admin } from '../probes/admin.js'
import { ArbiterHookRunner } from '../supervision/hook-runner.js'
import { ServiceManager } from '../system/service-manager.js'
import { readVersion } from '../version.js'
import type { ArbiterParts } from './arbiter-parts.js'
import type { Predecessor } from './predecessor.js'
import { Services } from './services.js'

export interface FoundationPlan {
  readonly config: ResolvedConfig
  /** Workers are booted to standby only: a check. */
  readonly isHeld: boolean
  readonly predecessor: Predecessor | undefined
}

export class Foundation {
  /** The one that the server starts with; a reload brings others. */
  readonly config: ResolvedConfig
  readonly isHeld: boolean
  /** What a check leaves to the server that has these settings. */
  readonly asGiven: ResolvedConfig
  readonly predecessor: Predecessor | undefined
  readonly log: ArbiterLog
  readonly hooks: ArbiterHookRunner
  readonly services: Services
  readonly admin: Admin

  /**
   * Takes what is meant for the arbiter alone out of the environment: no worker speaks for the service.
   *
   * @throws TunicornError `LOG_FAILED`; nothing is open then
   */
  constructor({ generations, observers }: ArbiterParts, { config, isHeld, predecessor }: FoundationPlan) {
    this.config = isHeld ? forCheck(config) : config
    this.isHeld = isHeld
    this.asGiven = config
    this.predecessor = predecessor
    const { arbiter, hooks } = this.config
    this.log = createLog({ level: arbiter.logLevel, format: arbiter.logFormat, file: arbiter.errorLog })
    observers.logTo(this.log)
    const serviceManager = ServiceManager.connect(process.env, this.log)
    this.services = new Services({
      pidfile: arbiter.pidfile,
      serviceManager: isHeld ? undefined : serviceManager,
      hasPredecessor: predecessor !== undefined,
    })
    this.admin = new Admin(this.log, predecessor?.adminSocket)
    const version = readVersion()
    this.hooks = new ArbiterHookRunner(hooks, this.log, () => ({
      pid: process.pid,
      version,
      generation: generations.newest,
    }))
  }

  async close(): Promise<void> {
    await this.admin.close()
    await this.services.close()
    await this.log.close()
  }
}

/** A check may be made beside the server that runs with these settings: it takes nothing from it, and runs none of its hooks. */
function forCheck(config: ResolvedConfig): ResolvedConfig {
  const arbiter = { ...config.arbiter, errorLog: '-', pidfile: '', control: 'off', admin: 'off' } as const
  // A check does not wait for a debugger.
  const groups = config.groups.map(({ inspector: _, ...group }) => group)
  return { ...config, arbiter, groups, hooks: {} }
}
