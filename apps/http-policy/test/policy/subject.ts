/** A worker class with an app of one kind, served by the built command. */
import { fileURLToPath } from 'node:url'
import { type RunningProcess, servingUrl, startTunicorn } from '@tunicorn/harness'
import type { Setup } from './row.js'

export interface Subject {
  readonly workerClass: string
  readonly kind: 'node' | 'fetch' | 'asgi'
  /** Every answer closes its connection. */
  readonly closes: boolean
}

const apps = fileURLToPath(new URL('./apps/', import.meta.url))

export const subjects: readonly Subject[] = [
  { workerClass: 'event-loop', kind: 'node', closes: false },
  { workerClass: 'event-loop', kind: 'fetch', closes: false },
  { workerClass: 'thread-pool', kind: 'node', closes: false },
  { workerClass: 'thread-pool', kind: 'fetch', closes: false },
  { workerClass: 'sync', kind: 'node', closes: true },
  { workerClass: 'asgi', kind: 'asgi', closes: false },
]

const classArgs: Readonly<Record<string, readonly string[]>> = {
  // The app remembers what it saw in the memory of one thread.
  'thread-pool': ['-o', 'threads=1', '-o', 'concurrency=16'],
  sync: ['--max-requests', '0', '-o', 'spares=0'],
}

const setupArgs: Readonly<Record<Setup, readonly string[]>> = {
  usual: [],
  crowded: ['--worker-connections', '2000', '--headers-timeout', '120'],
  limited: [
    ...['--limit-request-body', '1000', '--limit-request-fields', '20', '--limit-request-line', '200'],
    ...['--limit-request-field-size', '500', '--header-map', 'keep'],
  ],
  proxied: [
    ...['--forwarded-headers', 'X-Forwarded-For,X-Forwarded-Proto,X-Forwarded-Ssl,Forwarded'],
    ...['--header-map', 'refuse'],
  ],
  // Its time for a head is that for a prefix too.
  prefixed: ['--proxy-protocol', 'auto', '--headers-timeout', '1'],
  patient: ['--headers-timeout', '1', '--request-timeout', '2', '--keep-alive', '4'],
}

/** For the command, in the folder of the apps. */
export function subjectArgs({ workerClass, kind }: Subject, setup: Setup): readonly string[] {
  return [
    ...[`./${kind}.js`, '--app-kind', kind, '-k', workerClass, '-w', '1', '-b', '127.0.0.1:0'],
    ...['--canary-seconds', '0'],
    ...(classArgs[workerClass] ?? []),
    ...setupArgs[setup],
  ]
}

/** Starts it, and waits until it serves. */
export async function startSubject(
  subject: Subject,
  setup: Setup,
): Promise<{ readonly running: RunningProcess; readonly url: string }> {
  const running = await startTunicorn({ cwd: apps, args: subjectArgs(subject, setup) })
  try {
    return { running, url: await servingUrl(running) }
  } catch (error) {
    await running[Symbol.asyncDispose]()
    throw error
  }
}
