/** Takes the JavaScript stack of the main thread from another thread, without opening a port. */
import { type Debugger, Session } from 'node:inspector'
import type { StackFrame } from './stack-frame.js'

export interface StackEvidence {
  /** Innermost frame first. */
  readonly frames: readonly StackFrame[]
  /** Nothing runs except the watchdog's beat, or Node's own code around the app's next callback. */
  readonly isWaiting: boolean
  /** The result of the expression, if it was text. */
  readonly value: string
}

/** A loop in JavaScript stops within milliseconds. A native call does not stop at all. */
const pauseMs = 700
/** V8 may defer a pause to the next call, and a loop without calls never gets there, so the request is repeated. */
const againMs = 100
const maxFrames = 30
/** The most characters of source maps to keep. There may be many inline maps, and the thread has little memory. */
const maxMaps = 8_388_608
/** See `watchdog.ts`. */
const beatName = 'beatOfWatchdog'

/**
 * Pauses the main thread, reads its stack, evaluates `expression` in it, and resumes it. If another debugger has paused the main
 * thread, it stays paused.
 */
export async function takeStack(expression: string): Promise<StackEvidence | 'paused' | undefined> {
  const session = new Session()
  const scripts = new Scripts()
  session.on('Debugger.scriptParsed', ({ params }) => scripts.add(params))
  session.connectToMainThread()
  let isOurs = true
  try {
    const frames = await pause(session)
    isOurs = frames !== 'paused'
    if (!frames || frames === 'paused') return frames
    const value = await evaluate(session, expression)
    return {
      frames: frames.slice(0, maxFrames).map(frame => scripts.frameOf(frame)),
      isWaiting: frames.every(frame => isIdle(scripts.frameOf(frame))),
      value,
    }
  } finally {
    if (isOurs) session.post('Debugger.resume', () => {})
    // A session that stays attached would keep the process from exiting.
    session.disconnect()
  }
}

function isIdle({ functionName, place }: StackFrame): boolean {
  return functionName === beatName || place.url.startsWith('node:')
}

/** What is known about each script, by its id. */
class Scripts {
  readonly #scripts = new Map<string, { readonly url: string; readonly sourceMapUrl: string }>()
  #maps = 0

  add({ scriptId, url, sourceMapURL = '' }: Debugger.ScriptParsedEventDataType): void {
    this.#maps += sourceMapURL.length
    this.#scripts.set(scriptId, { url, sourceMapUrl: this.#maps > maxMaps ? '' : sourceMapURL })
  }

  frameOf({ functionName, location, url }: Debugger.CallFrame): StackFrame {
    const script = this.#scripts.get(location.scriptId)
    const place = {
      url: script?.url ?? url,
      line: location.lineNumber + 1,
      column: (location.columnNumber ?? 0) + 1,
    }
    return { functionName, place, sourceMapUrl: script?.sourceMapUrl ?? '' }
  }
}

type Frames = readonly Debugger.CallFrame[]

/** `paused`: another debugger has already paused the thread. The session reports that as soon as it is enabled. */
function pause(session: Session): Promise<Frames | 'paused' | undefined> {
  return new Promise(resolve => {
    let isAsked = false
    const ask = (): void => session.post('Debugger.pause', () => {})
    let again: NodeJS.Timeout | undefined
    const timer = setTimeout(() => {
      clearInterval(again)
      resolve(undefined)
    }, pauseMs)
    session.once('Debugger.paused', ({ params }) => {
      clearInterval(again)
      clearTimeout(timer)
      resolve(isAsked ? params.callFrames : 'paused')
    })
    session.post('Debugger.enable', error => {
      // Nothing answers in native code. This is then called after the session has ended, and a throw would end the thread.
      if (error) return
      isAsked = true
      ask()
      again = setInterval(ask, againMs)
    })
  })
}

/** Evaluates globally and not in a frame, because frames of Node itself refuse. */
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
