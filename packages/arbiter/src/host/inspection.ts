/** The inspector of this process, to which a debugger attaches. Loaded only when somebody debugs. */
import { close, open, Session, url, waitForDebugger } from 'node:inspector'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../contract/logger.js'
import { TunicornError } from '../errors.js'
import type { FromHost, InspectorInit, InspectorOrder, InspectorReport } from '../protocol/messages.js'
import { listenProblem } from '../sockets/listen-problem.js'

const loopback = '127.0.0.1'
/** How often to check whether the previous worker has released the port. */
const retryMs = 100

export interface InspectionParts {
  readonly inspector: InspectorInit
  readonly appUrl: string
  readonly log: Logger
}

/** The inspector of a worker that was started for debugging. */
export class Inspection {
  readonly #parts: InspectionParts
  #breakpoint: Session | undefined

  /**
   * Opens the inspector before any of the user's code is loaded. If the previous worker still holds the port, opening waits for
   * it. The boot waits too, but only if it is to wait for a debugger.
   *
   * @throws TunicornError `BOOT_FAILED`
   */
  static async start(parts: InspectionParts): Promise<Inspection> {
    const inspection = new Inspection(parts)
    const { inspector, log } = parts
    if (await inspection.#open()) return inspection
    log.info(`The inspector opens once ${inspector.host}:${inspector.port} is free`)
    if (inspector.isBreaking) await inspection.#openInTime()
    else
      inspection.#openInTime().catch((error: unknown) => log.error('The inspector was not opened', { error }))
    return inspection
  }

  private constructor(parts: InspectionParts) {
    this.#parts = parts
  }

  /** `isAppElsewhere`: the main thread has loaded no app. Only the main thread can be inspected. */
  booted(isAppElsewhere: boolean): void {
    this.#breakpoint?.disconnect()
    if (isAppElsewhere) this.#parts.log.warn(elsewhere)
  }

  async #openInTime(): Promise<void> {
    do await wait(retryMs, undefined, { ref: false })
    while (!(await this.#open()))
  }

  /** Returns false when the port is in use. */
  async #open(): Promise<boolean> {
    const { host, port, isBreaking } = this.#parts.inspector
    const problem = await listenProblem(host, port)
    if (problem?.code === 'EADDRINUSE') return false
    if (problem) throw new TunicornError('BOOT_FAILED', `The inspector could not be opened: ${problem.text}`)
    open(port, host)
    const opened = url()
    if (opened === undefined) return false
    this.#parts.log.info(`The inspector listens at ${opened}. ${howToAttach(opened)}`)
    if (isBreaking) this.#awaitDebugger()
    return true
  }

  /** The module is not loaded yet, so the breakpoint is set in advance. */
  #awaitDebugger(): void {
    const { appUrl, log } = this.#parts
    log.info('Waiting for a debugger; the app is loaded once it is there')
    waitForDebugger()
    const session = new Session()
    session.connect()
    session.post('Debugger.enable')
    session.post('Debugger.setBreakpointByUrl', { lineNumber: 0, url: appUrl })
    this.#breakpoint = session
  }
}

const elsewhere =
  'The app runs in threads of the worker, and the inspector is that of its main thread: a debugger sees the app only if it attaches to threads as well'

function howToAttach(opened: string): string {
  const { host } = new URL(opened)
  return `Attach with chrome://inspect, with "Attach to Node Process" in VS Code, or with: node inspect ${host}`
}

/** Opens or closes the inspector of a running worker. Never rejects: a failure is reported in the answer. */
export async function inspect(
  order: InspectorOrder,
  facts: Pick<InspectorReport, 'isAppElsewhere' | 'requestsLeft'>,
): Promise<Extract<FromHost, { readonly type: 'inspected' }>> {
  try {
    if (order.type === 'close') close()
    else if (url() === undefined) await openOnLoopback(order.port)
    return { type: 'inspected', inspector: { ...facts, url: url() } }
  } catch (error) {
    return { type: 'inspected', problem: error instanceof Error ? error.message : String(error) }
  }
}

async function openOnLoopback(port: number): Promise<void> {
  const problem = await listenProblem(loopback, port)
  if (problem) throw new Error(problem.text)
  open(port, loopback)
  if (url() === undefined) throw new Error(`${loopback}:${port} was taken by somebody else`)
}

/** Called before a process ends: Node would otherwise wait until the debugger disconnects. */
export function closeInspector(): void {
  if (url() !== undefined) close()
}
