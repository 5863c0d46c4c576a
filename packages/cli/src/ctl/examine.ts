/** `tunicorn ctl stack`, `inspect`, `profile` and `heap-snapshot`: what a running worker is doing, and what it holds. */
import { type FileHandle, open, rm, writeFile } from 'node:fs/promises'
import {
  type CallOptions,
  type ControlClient,
  TunicornError,
  type WorkerInspector,
  type WorkerStack,
} from '@tunicorn/arbiter/control'
import type { ExamineOrder } from './ctl-order.js'
import { formatDuration } from './quantities.js'

type FileOrder = Extract<ExamineOrder, { readonly type: 'profile' | 'heap-snapshot' }>

const states: Readonly<Record<WorkerStack['state'], string>> = {
  running: 'runs JavaScript:',
  waiting: 'waits: no JavaScript runs',
  native: 'is in native code: no JavaScript stack can be had',
  paused: 'is paused by a debugger, which has the stack',
}

/** Lines for a human reader. */
export function stackView({ worker, state, stack, requests }: WorkerStack): readonly string[] {
  const frames = stack === '' ? [] : stack.split('\n').map(line => `  ${line}`)
  const named = requests.map(({ method, target, ms }) => `${method} ${target} (${formatDuration(ms)})`)
  return [
    `worker ${worker.age} (pid ${worker.pid ?? 'unknown'}) ${states[state]}`,
    ...frames,
    ...(named.length > 0 ? [`in flight: ${named.join(', ')}`] : []),
  ]
}

/** Lines for a human reader: where the inspector is, and how to use it. */
export function inspectorView({
  worker: { age, pid },
  url,
  isAppElsewhere,
  requestsLeft,
}: WorkerInspector): readonly string[] {
  const who = `worker ${age} (pid ${pid ?? 'unknown'})`
  if (url === null) return [`${who}: the inspector is closed`]
  const { host } = new URL(url)
  return [
    `${who}: the inspector listens at ${url}`,
    `  Chrome:    chrome://inspect, and there under "Configure" ${host}`,
    `  VS Code:   "attach" in launch.json, with the port ${new URL(url).port}`,
    `  terminal:  node inspect ${host}`,
    `It is open until the worker ends, or: tunicorn ctl inspect ${age} --close`,
    ...(isAppElsewhere
      ? [
          'The app runs in threads: a debugger sees it only if it attaches to threads (worker_threads) as well',
        ]
      : []),
    ...(requestsLeft === null ? [] : [endOf(requestsLeft)]),
  ]
}

function endOf(requestsLeft: number): string {
  const count = requestsLeft === 1 ? '1 more request' : `${requestsLeft} more requests`
  return `The worker ends after ${count} (maxRequests); under \`tunicorn --inspect\` it stays`
}

/** Returns the path of the file. @throws TunicornError, or the reason of `signal`. In both cases no file is left */
export async function saveExamination(
  client: ControlClient,
  order: FileOrder,
  { signal }: CallOptions = {},
): Promise<string> {
  const path = order.output ?? defaultName(order)
  // Created before the worker is asked for anything. What is in its memory must be readable by no one else.
  const file = await create(path)
  try {
    await writeFile(file, await contentOf(client, order, signal))
    return path
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

function contentOf(
  client: ControlClient,
  order: FileOrder,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const options = { worker: order.worker, ...(signal && { signal }) }
  return order.type === 'profile'
    ? client.profile({ ...options, seconds: order.seconds })
    : client.heapSnapshot(options)
}

function defaultName({ type, worker }: FileOrder): string {
  const moment = new Date().toISOString().replaceAll(/[-:]/g, '').replace(/\..*/, 'Z')
  return `worker-${worker}-${moment}.${type === 'profile' ? 'cpuprofile' : 'heapsnapshot'}`
}

async function create(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const message =
      code === 'EEXIST'
        ? `The file ${path} exists already and is not overwritten; name another with --output`
        : `The file ${path} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`
    throw new TunicornError('CONFIG_INVALID', message, { cause })
  }
}
