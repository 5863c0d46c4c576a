/** A worker without a process: it says what a host says, when its conduct says so. */
import { strict as assert } from 'node:assert'
import type { SpawnRequest, WorkerEvents, WorkerProcess } from '../../../src/process/spawner.js'
import type { FromHost, ToHost, WorkerInit } from '../../../src/protocol/messages.js'
import { noRequests } from '../../../src/protocol/request-figures.js'
import type { ServerHandle } from '../../../src/sockets/handle.js'
import { buildSample } from './build-sample.js'
import type { Conduct } from './conduct.js'
import type { Dice } from './dice.js'
import type { SimulatedTime } from './simulated-time.js'

const never = Number.POSITIVE_INFINITY
/** Often enough for a timeout of 6 s, also when the arbiter is paused for the 2 s that count. */
const heartbeatMs = 2_500
/** As often as real ones, where what they say counts. */
const workingMs = 1_000

export interface WorkerSurroundings {
  readonly time: SimulatedTime
  readonly dice: Dice
  arbiterNow(): number
  /** How busy a worker of this group is, of this generation, 0 to 1. Undefined: nobody asks. */
  busyShare(): number | undefined
  /** The arbiter tells it something. */
  ordered(): void
  /** The arbiter tells the worker to drain, for the first time. */
  drains(worker: SimulatedWorker): void
  killed(worker: SimulatedWorker): void
  ended(worker: SimulatedWorker): void
}

export class SimulatedWorker implements WorkerProcess {
  readonly pid: number
  readonly init: WorkerInit
  readonly conduct: Conduct
  readonly #around: WorkerSurroundings
  readonly #events: WorkerEvents
  readonly #orders: ToHost['type'][] = []
  #drainBy = never
  #drainTimer = 0
  #blockedUntil = 0
  #hasBlocked = false
  #hasBooted = false
  #isUnread = false
  #isDead = false
  #isReaped = false
  #isKilled = false

  constructor(
    pid: number,
    { request, events, conduct }: { request: SpawnRequest; events: WorkerEvents; conduct: Conduct },
    around: WorkerSurroundings,
  ) {
    this.pid = pid
    this.init = request.init
    this.conduct = conduct
    this.#around = around
    this.#events = events
    if (conduct.boot === 'deaf') this.#blockedUntil = never
    this.#later(conduct.bootMs, () => this.#boot())
  }

  get wasToldToServe(): boolean {
    return this.#orders.includes('serve')
  }

  /** Reasons for which this one may be killed; no other may. */
  get killableFor(): ReadonlySet<string> {
    const { boot, bootMs, serveMs, isStubborn, isLingering, blocksAfterMs, babblesAfterMs, unreadAfterMs } =
      this.conduct
    const isBlocking = this.#hasBlocked || boot === 'deaf' || blocksAfterMs < never || unreadAfterMs < never
    const isSlow = isBlocking || serveMs > 1_000 || bootMs > 4_000
    const kinds: readonly (readonly [string, boolean])[] = [
      ['stop', true],
      ['timeout', isBlocking],
      ['boot-timeout', isSlow],
      // While it boots, it gets no moment longer: its end may be heard of after its deadline.
      ['graceful-timeout', isBlocking || isStubborn || isLingering || !this.#hasBooted],
      ['close', isBlocking || isLingering],
      ['broken', unreadAfterMs < never],
    ]
    const all = kinds.map(([kind]) => kind)
    return new Set(babblesAfterMs < never ? all : kinds.filter(([, may]) => may).map(([kind]) => kind))
  }

  send(message: ToHost, handle?: ServerHandle & { readonly isClosed?: boolean }): boolean {
    assert.ok(!this.#isReaped, `${message.type} is sent to worker ${this.init.age}, which is gone`)
    this.#around.ordered()
    this.#checkOrder(message, handle)
    this.#orders.push(message.type)
    if (this.#isUnread) return false
    this.#later(1, () => this.#receive(message))
    return true
  }

  offer(message: ToHost): boolean {
    return this.send(message)
  }

  examine(): void {
    this.#around.ordered()
  }

  askStack(): void {
    this.#around.ordered()
  }

  flight(): undefined {}

  appMetrics(): undefined {}

  kill(): void {
    assert.ok(!this.#isKilled, `worker ${this.init.age} is killed twice`)
    this.#isKilled = true
    this.#around.killed(this)
    this.#around.time.after(5, () => this.#exit(null, 'SIGKILL'))
  }

  /** It ends without being told to. */
  die(code: number | null, signal: string | null = null): void {
    this.#exit(code, signal)
  }

  /** It does nothing for so long. */
  block(ms: number): void {
    this.#hasBlocked = true
    this.#blockedUntil = Math.max(this.#blockedUntil, this.#around.time.now() + ms)
  }

  say(message: FromHost): void {
    if (this.#isDead) return
    const { time } = this.#around
    const deliver = (): void => time.deliver(() => this.#events.onMessage(message))
    if (this.conduct.channelLagMs === 0) deliver()
    else time.after(this.conduct.channelLagMs, deliver)
  }

  #checkOrder({ type, ...order }: ToHost, handle: { readonly isClosed?: boolean } | undefined): void {
    const { age, listeners } = this.init
    const count = (wanted: string): number => this.#orders.filter(other => other === wanted).length
    if (type === 'reopen') return
    assert.ok(!this.#isKilled, `${type} is sent to worker ${age}, which was killed`)
    if (type === 'handle') assert.equal(handle?.isClosed, false, `worker ${age} gets no open listener`)
    if (type === 'serve') {
      assert.equal(count('serve'), 0, `worker ${age} is told to serve twice`)
      assert.equal(count('drain'), 0, `worker ${age} is told to serve after it was told to drain`)
      assert.equal(count('handle'), listeners.length, `worker ${age} does not have its listeners`)
    }
    if (!('deadlineMs' in order)) return
    const by = this.#around.arbiterNow() + order.deadlineMs
    assert.ok(by < this.#drainBy, `worker ${age} is told to drain again, and gets no less time`)
    this.#drainBy = by
    if (count('drain') === 0) this.#around.drains(this)
  }

  /** Acts when it is alive and not blocked. */
  #later(ms: number, run: () => void): void {
    if (ms === never) return
    const { time } = this.#around
    time.after(ms, () => {
      if (this.#isDead) return
      const blockedMs = this.#blockedUntil - time.now()
      if (blockedMs <= 0) run()
      else this.#later(blockedMs, run)
    })
  }

  #boot(): void {
    const { boot } = this.conduct
    if (this.#orders.includes('drain')) return
    if (boot === 'dies') return this.#exit(1, null)
    if (boot === 'fails') {
      this.say({ type: 'boot-failed', code: 'APP_LOAD_FAILED', message: 'broken' })
      return this.#later(5, () => this.#exit(4, null))
    }
    this.#hasBooted = true
    this.say({ type: 'booted' })
    this.#beat()
  }

  #beat(): void {
    const busy = this.#around.busyShare()
    const { rss } = this.conduct
    this.say({ type: 'heartbeat', sample: buildSample({ rss, eventLoopUtilization: busy ?? 0 }) })
    this.#later(busy === undefined ? heartbeatMs : workingMs, () => this.#beat())
  }

  #receive(message: ToHost): void {
    if (message.type === 'serve') this.#later(this.conduct.serveMs, () => this.#serve())
    if (message.type === 'drain') this.#drain(message.deadlineMs)
  }

  #serve(): void {
    if (this.#drainTimer > 0) return
    const { conduct } = this
    if (conduct.isServeRefused) {
      this.say({ type: 'boot-failed', code: 'BIND_FAILED', message: 'in use' })
      return this.#later(5, () => this.#exit(3, null))
    }
    this.say({ type: 'serving' })
    this.#later(conduct.diesAfterMs, () => this.#exit(this.#around.dice.pick([0, 1, 11]), null))
    this.#later(conduct.retiresAfterMs, () =>
      this.say({ type: 'retire', reason: 'max-requests: 10 requests' }),
    )
    this.#later(conduct.leavesAfterMs, () => this.#leave())
    this.#later(conduct.blocksAfterMs, () => this.block(conduct.blockedMs))
    this.#later(conduct.babblesAfterMs, () => this.#babble())
    this.#later(conduct.unreadAfterMs, () => {
      this.#isUnread = true
      this.block(never)
      this.#around.time.deliver(() => this.#events.onBroken('its channel was closed'))
    })
  }

  #leave(): void {
    if (this.#drainTimer > 0) return
    this.say({ type: 'leaving', reason: 'max-requests: 10 requests', ended: noRequests })
    this.#drain(4_000)
  }

  #babble(): void {
    const messages: readonly FromHost[] = [
      { type: 'booted' },
      { type: 'serving' },
      { type: 'drained', ended: noRequests },
      { type: 'retire', reason: '' },
      { type: 'leaving', reason: 'why not', ended: noRequests },
      { type: 'boot-failed', code: 'BOOT_FAILED', message: 'again' },
    ]
    this.say(this.#around.dice.pick(messages))
    this.#later(this.#around.dice.between(50, 3_000), () => this.#babble())
  }

  #drain(deadlineMs: number): void {
    this.#drainTimer += 1
    const timer = this.#drainTimer
    if (this.conduct.isStubborn) return
    this.#later(this.#hasBooted ? Math.min(this.conduct.drainMs, deadlineMs) : 20, () => {
      if (timer === this.#drainTimer) this.#close()
    })
  }

  #close(): void {
    this.say({ type: 'drained', ended: noRequests })
    if (!this.conduct.isLingering) this.#later(10, () => this.#exit(0, null))
  }

  #exit(code: number | null, signal: string | null): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#around.time.deliver(() => {
      this.#isReaped = true
      this.#around.ended(this)
      this.#events.onExit({ code, signal })
    })
  }
}
