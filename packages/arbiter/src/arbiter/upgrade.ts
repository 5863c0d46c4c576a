/** Hands the server over to a new arbiter that is started from the code on disk, over the same sockets. */
import { type ChildProcess, spawn } from 'node:child_process'
import { TunicornError } from '../errors.js'
import type { SelfCommand } from '../process/self.js'
import type { BoundSocket } from '../sockets/bind.js'
import { bequeath } from '../sockets/inherit.js'

/** File descriptors of a successor: 0 to 2 are the standard streams, 3 is the channel. */
const firstSocketFd = 4

/** What a successor sends once it serves. */
export const servingMessage = 'tunicorn:serving'

export interface Successor {
  readonly pid: number | undefined
  /** Resolves when it serves. @throws TunicornError `UPGRADE_FAILED` */
  readonly serving: Promise<void>
  /** Ends it, with its workers. */
  kill(): void
}

/** Starts a successor. It has `timeoutMs` to serve. */
export function startSuccessor(
  self: SelfCommand,
  sockets: readonly BoundSocket[],
  timeoutMs: number,
): Successor {
  const child = spawn(self.command, self.args, {
    cwd: self.cwd,
    env: { ...self.env, PWD: self.cwd, ...bequeath(inheritanceOf(sockets)) },
    // It outlives this process, and must not be hit by a Ctrl-C that this one handles.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...sockets.map(({ handle }) => handle.fd)],
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  return { pid: child.pid, kill, serving: waitUntilServing(child, timeoutMs, kill) }
}

function inheritanceOf(sockets: readonly BoundSocket[]) {
  const entries = sockets.map(({ key }, index) => [key, firstSocketFd + index] as const)
  return { parent: process.pid, sockets: Object.fromEntries(entries) }
}

function waitUntilServing(child: ChildProcess, timeoutMs: number, kill: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer)
      reject(
        new TunicornError('UPGRADE_FAILED', `Upgrade failed, this arbiter goes on: the new arbiter ${why}`),
      )
    }
    const timer = setTimeout(() => {
      kill()
      fail(`did not serve within ${timeoutMs / 1_000} s`)
    }, timeoutMs)
    child.once('error', error => fail(`could not be started: ${error.message}`))
    child.once('exit', (code, signal) => fail(signal ? `was ended by ${signal}` : `exited with code ${code}`))
    child.on('message', message => {
      if (message !== servingMessage) return
      clearTimeout(timer)
      // The channel stays open until this process ends, which it must not keep from happening.
      child.unref()
      child.channel?.unref()
      resolve()
    })
  })
}
