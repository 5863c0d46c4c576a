import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { connectionTo } from './address.js'
import { type ProcessOptions, type RunningProcess, startProcess } from './running-process.js'
import { startInTerminal } from './terminal.js'

export interface TunicornOptions extends ProcessOptions {
  readonly args: readonly string[]
}

/** The built `tunicorn` command. */
export const tunicornMain: string = fileURLToPath(new URL('../../cli/dist/main.js', import.meta.url))

/** Settings from the environment that the tests run in must not leak into them. */
const SETTING_VARIABLES: readonly string[] = [
  'TUNICORN_CMD_ARGS',
  'WEB_CONCURRENCY',
  'PORT',
  'FORWARDED_ALLOW_IPS',
  'NOTIFY_SOCKET',
  'LISTEN_FDS',
  'LISTEN_PID',
]

const cleared = Object.fromEntries(SETTING_VARIABLES.map(name => [name, undefined]))

/** The Node.js binary under test: `$TUNICORN_TEST_NODE`, or the one that runs the test. */
export function testNode(): string {
  return process.env.TUNICORN_TEST_NODE ?? process.execPath
}

/** Starts the built `tunicorn` command. */
export function startTunicorn({ args, env, ...rest }: TunicornOptions): Promise<RunningProcess> {
  return startProcess(testNode(), [tunicornMain, ...args], { ...rest, env: { ...cleared, ...env } })
}

/** The same, in a terminal. */
export function startTunicornInTerminal({ args, env, ...rest }: TunicornOptions): Promise<RunningProcess> {
  return startInTerminal([testNode(), tunicornMain, ...args], { ...rest, env: { ...cleared, ...env } })
}

/** Waits for the log line `Listening at: URL (PID)` and resolves with its (first) URL. */
export async function listeningUrl(running: RunningProcess): Promise<string> {
  const [first] = await listeningUrls(running)
  if (first === undefined) throw new Error('The log line names no address')
  return first
}

/** Waits for the first log line `Listening at: URL,URL (PID)` and resolves with its URLs. */
export async function listeningUrls(running: RunningProcess): Promise<readonly string[]> {
  const match = await running.waitForOutput(/Listening at: (\S+) \(\d+\)/)
  return (match[1] ?? '').split(',')
}

/**
 * Like {@link listeningUrl}, but also waits until each of its addresses accepts connections: between bind and the first worker
 * that serves, the kernel refuses them. Rejects with the output if the process ends before that.
 */
export async function servingUrl(running: RunningProcess, timeoutMs = 20_000): Promise<string> {
  const urls = await listeningUrls(running)
  const end = performance.now() + timeoutMs
  let isGone = false
  void running.exited.then(() => {
    isGone = true
  })
  for (const url of urls) {
    while (!(await isAccepted(url))) {
      if (isGone || performance.now() > end) {
        throw new Error(
          `Nothing accepts connections at ${url}. The output of the process:\n${running.output}`,
        )
      }
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  return listeningUrl(running)
}

function isAccepted(url: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(connectionTo(url))
    socket.once('connect', () => {
      resolve(true)
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
  })
}
