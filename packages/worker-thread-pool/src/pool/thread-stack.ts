/**
 * Takes the JavaScript stack of a thread, even if its event loop is blocked. It uses Node's in-process inspector: no port is
 * opened.
 */
import type { Session } from 'node:inspector'
import { type StackFrame, sourceStack } from '@tunicorn/arbiter/worker'

/** On a busy machine, half a second is not enough. */
const captureMs = 2_000
/** V8 may miss a request to pause until the next call, and a loop may have no calls. So the request is repeated. */
const againMs = 100
/** The time limit for source maps. The thread waits for its end meanwhile. A busy machine needs more than a second. */
const mapsMs = 3_000
const maxFrames = 30
/** Characters of source maps that are kept. Inline maps can be large. */
const maxMaps = 8_388_608

/** The parts of an inspector message that are read here. */
interface InspectorMessage {
  readonly method?: string
  readonly params?: {
    readonly callFrames?: readonly CallFrame[]
    readonly scriptId?: string
    readonly url?: string
    readonly sourceMapURL?: string
  }
}

interface Script {
  readonly url: string
  readonly sourceMapUrl: string
}

interface CallFrame {
  readonly functionName: string
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number }
}

/** Lines like those of `Error.stack`. With source maps, they refer to the sources. `undefined`: the thread is in native code. */
export async function stackOfThread(
  threadId: number,
  withinMs: number = captureMs,
): Promise<string | undefined> {
  try {
    const { Session } = await import('node:inspector')
    const frames = await capture(new Session(), threadId, withinMs)
    return frames && (await sourceStack(frames, mapsMs)).replace(/^/gm, '    ')
  } catch {
    // Node has no inspector, or the event loop itself is in a thread.
    return undefined
  }
}

function capture(
  session: Session,
  threadId: number,
  withinMs: number,
): Promise<readonly StackFrame[] | undefined> {
  session.connect()
  return new Promise((resolve, reject) => {
    // A paused thread cannot be terminated, so the request to pause is withdrawn. A message to a thread that is ending aborts
    // the process, so this is the last one.
    const timer = setTimeout(() => {
      send(5, 'Debugger.disable')
      leave()
      resolve(undefined)
    }, withinMs)
    // Frames contain no URL. All scripts are announced before the first pause.
    const scripts = new Map<string, Script>()
    let sessionId: string | undefined
    let maps = 0
    const send = (id: number, method: string): void => {
      if (sessionId === undefined) return
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method }) })
    }
    const again = setInterval(() => send(2, 'Debugger.pause'), againMs)
    const leave = (): void => {
      clearInterval(again)
      clearTimeout(timer)
      session.disconnect()
    }
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      // `workerId` counts the workers of this session. Only the title contains the id of the thread.
      if (!params.workerInfo.title.startsWith(`[worker ${threadId}]`)) return
      sessionId = params.sessionId
      send(1, 'Debugger.enable')
      send(2, 'Debugger.pause')
    })
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      if (params.sessionId !== sessionId) return
      const message: InspectorMessage = JSON.parse(params.message)
      if (message.method === 'Debugger.scriptParsed') {
        const { scriptId = '', url = '', sourceMapURL = '' } = message.params ?? {}
        maps += sourceMapURL.length
        scripts.set(scriptId, { url, sourceMapUrl: maps > maxMaps ? '' : sourceMapURL })
      }
      if (message.method !== 'Debugger.paused') return
      send(3, 'Debugger.resume')
      send(4, 'Debugger.disable')
      leave()
      const frames = message.params?.callFrames ?? []
      resolve(frames.slice(0, maxFrames).map(frame => frameIn(scripts, frame)))
    })
    session.on('NodeWorker.detachedFromWorker', ({ params }) => {
      if (params.sessionId !== sessionId) return
      leave()
      resolve(undefined)
    })
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, error => {
      if (error === null) return
      leave()
      reject(error)
    })
  })
}

function frameIn(scripts: ReadonlyMap<string, Script>, { functionName, location }: CallFrame): StackFrame {
  const { url = '', sourceMapUrl = '' } = scripts.get(location.scriptId) ?? {}
  const place = { url, line: location.lineNumber + 1, column: location.columnNumber + 1 }
  return { functionName, place, sourceMapUrl }
}
