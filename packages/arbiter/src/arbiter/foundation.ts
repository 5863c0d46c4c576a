/** What a server is built on: everything that exists once its configuration is known and before anything is bound. */
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
  /** This is a check: workers boot to standby only. */
  readonly isHeld: boolean
  readonly predecessor: Predecessor | undefined
}

export class Foundation {
  /** The configuration that the server starts with; a reload brings another. */
  readonly config: ResolvedConfig
  readonly isHeld: boolean
  /** The configuration before a check removed what belongs to the server with these settings. */
  readonly asGiven: ResolvedConfig
  readonly predecessor: Predecessor | undefined
  readonly log: ArbiterLog
  readonly hooks: ArbiterHookRunner
  readonly services: Services
  readonly admin: Admin

  /**
   * Removes what is meant only for the arbiter from the environment, so that no worker speaks for the service.
   *
   * @throws TunicornError `LOG_FAILED`; nothing is then left open
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

/** A check may run beside the server that has these settings. It takes nothing from that server and runs none of its hooks. */
function forCheck(config: ResolvedConfig): ResolvedConfig {
  const arbiter = { ...config.arbiter, errorLog: '-', pidfile: '', control: 'off', admin: 'off' } as const
  // A check does not wait for a debugger.
  const groups = config.groups.map(({ inspector: _, ...group }) => group)
  return { ...config, arbiter, groups, hooks: {} }
}
