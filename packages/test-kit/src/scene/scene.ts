/** Where one clause is run: makes workers for it in every rig, and ends them with everything that belongs to them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AppKind, ListenerTls, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { ArbiterReport } from '../processes/arbiter-report.js'
import type { ImportReport } from '../processes/import-report.js'
import type { LifePlan, LifeReport } from '../processes/life-plan.js'
import { Child } from '../rig/child.js'
import { TestWorker } from '../rig/test-worker.js'
import { within } from '../rig/within.js'
import type { WorkerPlan } from '../rig/worker-plan.js'
import { WorkerProcess } from '../rig/worker-process.js'
import { workerSettings } from '../rig/worker-settings.js'
import { writeAppModule, writeBrokenModule } from '../stage/app-module.js'
import { Stage } from '../stage/stage.js'
import { Disposables } from './disposables.js'
import type { Subject } from './subject.js'

/** What a clause may ask of a worker. */
export interface WorkerWish {
  readonly settings?: Partial<WorkerSettings>
  /** Kind of the app. @default the first of the class */
  readonly kind?: AppKind
  /** The kind that the worker is told, whatever kind the app really is. */
  readonly namedKind?: AppKind
  /** @default one on a port of the loopback address */
  readonly listeners?: readonly ('tcp' | 'unix')[]
  /** @default 'works' */
  readonly app?: 'works' | 'fails to start' | 'broken'
  /** For its listeners. Only for a worker in this process. @default plain */
  readonly tls?: ListenerTls
  /** @default 0 */
  readonly slot?: number
}

/** Something that the failure of a clause describes. */
interface Seen {
  fact(): string
}

const imports = new URL('./processes/imports-main.js', import.meta.url)
const lives = new URL('./processes/life-main.js', import.meta.url)
const arbiter = new URL('./processes/arbiter-main.js', import.meta.url)

export class Scene implements AsyncDisposable {
  readonly subject: Subject
  readonly #directory: string
  readonly #stack = new Disposables()
  readonly #seen: Seen[] = []
  #workers = 0

  private constructor(subject: Subject, directory: string) {
    this.subject = subject
    this.#directory = directory
  }

  static async create(subject: Subject): Promise<Scene> {
    return new Scene(subject, await mkdtemp(join(tmpdir(), 'tunicorn-kit-')))
  }

  /** The app kinds that the class promises. */
  get kinds(): readonly AppKind[] {
    return [...this.subject.fixtures.keys()]
  }

  /** Waits for an event. If it does not come, the clause fails with its description. */
  within<Result>(promise: Promise<Result>, what: string): Promise<Result> {
    return within(promise, what, this.subject.patienceMs)
  }

  /** A worker in this process that has not been created yet. */
  async worker(wish: WorkerWish = {}): Promise<TestWorker> {
    const { plan, stage } = await this.#plan(wish)
    return this.#keep(new TestWorker(plan, stage))
  }

  /** A worker in this process that serves. */
  async serving(wish: WorkerWish = {}): Promise<TestWorker> {
    const worker = await this.worker(wish)
    await this.within(worker.boot(), 'the worker to boot')
    await this.within(worker.serve(), 'the worker to serve')
    return worker
  }

  /** A worker in a process of its own, in standby. */
  async process(wish: WorkerWish = {}): Promise<WorkerProcess> {
    const { plan, stage } = await this.#plan(wish)
    const worker = this.#keep(await WorkerProcess.spawn(plan, stage))
    await worker.booted()
    return worker
  }

  /** A process that lives the life of one worker, without a host. */
  async life(
    life: Pick<LifePlan, 'serves' | 'drains'>,
    wish: WorkerWish = {},
  ): Promise<{ readonly child: Child<LifeReport>; readonly stage: Stage; readonly plan: WorkerPlan }> {
    const { plan, stage } = await this.#plan(wish)
    const { module, app, settings, options, directory } = plan
    const lifePlan: LifePlan = { module, app, settings, options, ...life }
    const child = this.#child<LifeReport>(lives, { args: [JSON.stringify(lifePlan)], cwd: directory })
    return { child, stage, plan }
  }

  /** A process that imports the module of the class. */
  import(): Child<ImportReport> {
    return this.#child<ImportReport>(imports, { args: [this.subject.module], cwd: this.#directory })
  }

  /** An arbiter in a process of its own, with one worker. `certificate`: PEM of a certificate and its key, for the address. */
  async arbiter(
    certificate?: string,
  ): Promise<{ readonly child: Child<ArbiterReport>; readonly stage: Stage }> {
    const { plan, stage } = await this.#plan({})
    const { module, app, settings, options, directory } = plan
    const certfile = join(directory, 'certificate.pem')
    if (certificate !== undefined) await writeFile(certfile, certificate)
    const config = {
      ...settings,
      ...(certificate !== undefined && { certfile }),
      app: fileURLToPath(app.url),
      appKind: app.kind,
      workerClass: module,
      workerOptions: options,
      workers: 1,
      bind: '127.0.0.1:0',
      chdir: directory,
      errorLog: join(directory, 'error.log'),
      logFormat: 'json',
    }
    const args = [JSON.stringify(config)]
    return { child: this.#child<ArbiterReport>(arbiter, { args, cwd: directory, isQuiet: true }), stage }
  }

  /** What has been seen so far of each worker and process of the clause, with counts. */
  facts(): readonly string[] {
    return this.#seen.map(each => each.fact())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 })
  }

  #keep<Item extends Seen & AsyncDisposable>(item: Item): Item {
    this.#seen.push(item)
    return this.#stack.add(item)
  }

  #child<Report>(
    module: URL,
    plan: { readonly args: readonly string[]; readonly cwd: string; readonly isQuiet?: boolean },
  ): Child<Report> {
    return this.#keep(new Child<Report>({ module, ...plan }))
  }

  async #plan(wish: WorkerWish): Promise<{ readonly plan: WorkerPlan; readonly stage: Stage }> {
    const { workerClass, module, driver, fixtures, options, settings, patienceMs } = this.subject
    const [firstKind = 'node'] = fixtures.keys()
    const { kind = firstKind, namedKind = kind, listeners = ['tcp'], app = 'works', tls, slot = 0 } = wish
    this.#workers += 1
    const directory = join(this.#directory, String(this.#workers))
    await mkdir(directory)
    const stage = this.#stack.add(await Stage.open(join(directory, 's')))
    const fixture = fixtures.get(kind) ?? ''
    const variant = { failsToStart: app === 'fails to start' }
    const url =
      app === 'broken'
        ? await writeBrokenModule(directory)
        : await writeAppModule({ directory, fixture, stagePath: stage.path, variant })
    const plan: WorkerPlan = {
      workerClass,
      module,
      driver,
      app: { url, exportName: '', kind: namedKind, specifier: fileURLToPath(url) },
      settings: workerSettings(workerClass, settings, wish.settings ?? {}),
      options,
      unixPaths: listeners.map((listener, index) =>
        listener === 'unix' ? join(directory, `l${index}`) : undefined,
      ),
      tls,
      slot,
      directory,
      patienceMs,
    }
    return { plan, stage }
  }
}
