/** Starts a new arbiter from the code on disk and hands the server over to it, with the same sockets. */
import { type ChildProcess, spawn } from 'node:child_process'
import { assertNever } from '../assert-never.js'
import { TunicornError } from '../errors.js'
import type { BoundSocket } from '../sockets/bind.js'
import { type Inheritance, inheritanceVariables } from '../sockets/inherit.js'
import { type Activation, activationVariables } from '../sockets/systemd.js'
import type { SelfCommand } from '../system/self.js'
import { readSuccession } from './succession-messages.js'

/** File descriptors of a successor: 0 to 2 are the standard streams, 3 is the channel. */
const firstSocketFd = 4

export interface Successor {
  readonly pid: number | undefined
  /** Resolves when it has taken over. @throws TunicornError `UPGRADE_FAILED` */
  readonly serving: Promise<void>
  /** Resolves when it has ended, or never began. */
  readonly exited: Promise<void>
  /** `SIGTERM` lets its workers finish their requests. */
  end(signal: 'SIGTERM' | 'SIGKILL'): void
}

/** What a successor receives. */
export interface Handover {
  readonly sockets: readonly BoundSocket[]
  readonly activation: Activation
  /** How many workers are wanted in each group that scales with its load. */
  readonly workers: ReadonlyMap<string, number>
  /** The history of the control API; absent without one. */
  readonly past: string | undefined
}

export interface SuccessorTimes {
  /** How long it may take to serve. */
  readonly serveMs: number
  /** How long it may take to end when its workers have not lasted. */
  readonly leaveMs: number
}

export function startSuccessor(self: SelfCommand, handover: Handover, times: SuccessorTimes): Successor {
  const child = spawn(self.command, self.args, {
    cwd: self.cwd,
    env: { ...environmentFor(self), ...inheritanceVariables(inheritanceOf(handover)) },
    // It outlives this process, and a Ctrl-C that this process handles must not reach it.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...handover.sockets.map(({ handle }) => handle.fd)],
  })
  const exited = new Promise<void>(resolve => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const end: Successor['end'] = signal => void child.kill(signal)
  return { pid: child.pid, exited, end, serving: waitUntilServing(child, times) }
}

function environmentFor({ env, cwd }: SelfCommand): NodeJS.ProcessEnv {
  const inherited: NodeJS.ProcessEnv = { ...env, PWD: cwd }
  for (const name of activationVariables) delete inherited[name]
  // systemd still expects signs of life after the upgrade. With this pid, the variable would say that it does not.
  if (inherited.WATCHDOG_PID === String(process.pid)) delete inherited.WATCHDOG_PID
  return inherited
}

function inheritanceOf({ sockets, activation, workers, past }: Handover): Inheritance {
  const entries = sockets.map(({ key }, index) => [key, firstSocketFd + index] as const)
  const parts = { sockets: Object.fromEntries(entries), workers: Object.fromEntries(workers) }
  return { parent: process.pid, ...parts, activation, past }
}

function waitUntilServing(child: ChildProcess, { serveMs, leaveMs }: SuccessorTimes): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer)
      reject(
        new TunicornError('UPGRADE_FAILED', `Upgrade failed, this arbiter goes on: the new arbiter ${why}`),
      )
    }
    const giveUpAfter = (ms: number, what: string): NodeJS.Timeout =>
      setTimeout(() => {
        child.kill('SIGKILL')
        fail(`did not ${what} within ${ms / 1_000} s`)
      }, ms)
    let timer = giveUpAfter(serveMs, 'serve')
    let reason: string | undefined
    child.once('error', error => fail(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) =>
      fail(reason ?? (signal ? `was ended by ${signal}` : `exited with code ${code}`)),
    )
    child.on('message', text => {
      const message = readSuccession(text)
      if (!message) return
      clearTimeout(timer)
      switch (message.type) {
        case 'beside':
          timer = giveUpAfter(message.windowMs + serveMs, 'take over')
          return
        case 'failed':
          // Its workers finish their requests, and then it ends.
          reason = `was rolled back: ${message.reason}`
          timer = giveUpAfter(leaveMs, 'end')
          return
        case 'serving':
          // The channel stays open until this process ends, but must not keep it alive.
          child.unref()
          child.channel?.unref()
          return resolve()
        default:
          return assertNever(message)
      }
    })
  })
}
