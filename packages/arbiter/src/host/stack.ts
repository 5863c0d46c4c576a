/** Takes the JavaScript stack of the main thread from another thread. No port is opened. */
import { type Debugger, Session } from 'node:inspector'
import { fileURLToPath } from 'node:url'

export interface StackEvidence {
  /** As in an error: a line per frame. */
  readonly stack: string
  /** Nothing runs but the beat of the watchdog, or Node's own code around the app's next callback. */
  readonly isWaiting: boolean
  /** What the expression gave, when it was text. */
  readonly value: string
}

/** A loop that runs JavaScript stops within milliseconds; one that is in a native call does not stop at all. */
const pauseMs = 700
const maxFrames = 30
/** See `watchdog.ts`. */
const beatName = 'beatOfWatchdog'

/**
 * Pauses the main thread, reads its stack, evaluates `expression` in it, and lets it go on. One that another debugger has
 * paused is left as it is.
 */
export async function takeStack(expression: string): Promise<StackEvidence | 'paused' | undefined> {
  const session = new Session()
  const files = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url))
  session.connectToMainThread()
  let isOurs = true
  try {
    const frames = await pause(session)
    isOurs = frames !== 'paused'
    if (!frames || frames === 'paused') return frames
    const value = await evaluate(session, expression)
    return {
      stack: frames
        .slice(0, maxFrames)
        .map(frame => formatFrame(frame, files))
        .join('\n'),
      isWaiting: frames.every(frame => isIdle(frame, files)),
      value,
    }
  } finally {
    if (isOurs) session.post('Debugger.resume', () => {})
    // An attached session would keep the process from exiting.
    session.disconnect()
  }
}

function isIdle(
  { functionName, location, url }: Debugger.CallFrame,
  files: ReadonlyMap<string, string>,
): boolean {
  return functionName === beatName || (files.get(location.scriptId) ?? url).startsWith('node:')
}

type Frames = readonly Debugger.CallFrame[]

/** `paused`: another debugger has done it already, and says so as soon as this one is there. */
function pause(session: Session): Promise<Frames | 'paused' | undefined> {
  return new Promise(resolve => {
    let isAsked = false
    const timer = setTimeout(() => resolve(undefined), pauseMs)
    session.once('Debugger.paused', ({ params }) => {
      clearTimeout(timer)
      resolve(isAsked ? params.callFrames : 'paused')
    })
    session.post('Debugger.enable', error => {
      // In native code nothing answers, and this is called once the session was left. A throw would end the thread.
      if (error) return
      isAsked = true
      session.post('Debugger.pause', () => {})
    })
  })
}

/** Not in a frame: those of Node itself refuse. */
function evaluate(session: Session, expression: string): Promise<string> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(''), pauseMs)
    session.post('Runtime.evaluate', { expression, returnByValue: true, silent: true }, (error, answer) => {
      clearTimeout(timer)
      const value: unknown = error ? undefined : answer.result.value
      resolve(typeof value === 'string' ? value : '')
    })
  })
}

function formatFrame(frame: Debugger.CallFrame, files: ReadonlyMap<string, string>): string {
  const { functionName, location } = frame
  const url = files.get(location.scriptId) ?? frame.url
  const file = url.startsWith('file:') ? fileURLToPath(url) : url
  const place = `${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
  return functionName === '' ? `at ${place}` : `at ${functionName} (${place})`
}
