/**
 * `process.send` as an app finds it in a worker or in a thread. Apps made for other process managers call it, and packages do so
 * when `process.connected` is true, but there is no program of theirs at the other end. `'ready'` has the same meaning as in PM2.
 */

/** Hints for an app that does not know where it runs, each given once. */
export type SendHint = 'ready' | 'message'

export interface ProcessSendParts {
  /** The host waits for the app's `'ready'`. */
  readonly isReadyAwaited: boolean
  /** Called at most once for each hint. The texts are in `sendHints`. */
  hint(about: SendHint): void
}

/** Installs it as `process.send`, in place of any other. Resolves once the app has sent `'ready'`. */
export function installProcessSend({ isReadyAwaited, hint }: ProcessSendParts): Promise<void> {
  const hinted = new Set<SendHint>()
  const hintOnce = (about: SendHint): void => {
    if (hinted.has(about)) return
    hinted.add(about)
    hint(about)
  }
  return new Promise(resolve => {
    // The arguments are `(message, handle, options, callback)`. All but the first may be omitted.
    const send = (message: unknown, ...rest: readonly unknown[]): boolean => {
      if (message !== 'ready') hintOnce('message')
      else if (!isReadyAwaited) hintOnce('ready')
      else resolve()
      const callback = rest.find(isCallback)
      if (callback) process.nextTick(callback, null)
      return true
    }
    Object.defineProperty(process, 'send', { value: send, configurable: true, writable: true })
  })
}

/** The text of each hint in the log. */
export const sendHints: Readonly<Record<SendHint, string>> = {
  ready:
    "The app called process.send('ready'), which changes nothing: with the setting waitReady, a worker is ready when its app says so",
  message:
    'The app sent a message with process.send, and nobody gets it; `broadcast` of @tunicorn/arbiter/app reaches other workers',
}

function isCallback(value: unknown): value is (error: Error | null) => void {
  return typeof value === 'function'
}
