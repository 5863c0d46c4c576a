/**
 * The JavaScript stack of a thread, also when its event loop is blocked. Goes through Node's in-process inspector: no
 * port is opened.
 */
import type { Session } from 'node:inspector'

const captureMs = 500

/** What is read of an inspector's message. */
interface InspectorMessage {
  readonly method?: string
  readonly params?: {
    readonly callFrames?: readonly CallFrame[]
    readonly scriptId?: string
    readonly url?: string
  }
}

interface CallFrame {
  readonly functionName: string
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number }
}

/** Lines like those of `Error.stack`, or `undefined` when there is none to be had, as in native code. */
export async function stackOfThread(threadId: number): Promise<string | undefined> {
  try {
    const { Session } = await import('node:inspector')
    const session = new Session()
    session.connect()
    try {
      return await capture(session, threadId)
    } finally {
      session.disconnect()
    }
  } catch {
    // A Node without an inspector, or an event loop that is itself in a thread.
    return undefined
  }
}

function capture(session: Session, threadId: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), captureMs)
    // Frames have no URL of their own. All scripts are announced before the first pause.
    const urls = new Map<string | undefined, string | undefined>()
    let sessionId: string | undefined
    const send = (id: number, method: string): void => {
      if (sessionId === undefined) return
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id, method }) })
    }
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      // `workerId` counts the workers of this session; only the title has the id of the thread.
      if (!params.workerInfo.title.startsWith(`[worker ${threadId}]`)) return
      sessionId = params.sessionId
      send(1, 'Debugger.enable')
      send(2, 'Debugger.pause')
    })
    session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
      if (params.sessionId !== sessionId) return
      const message: InspectorMessage = JSON.parse(params.message)
      if (message.method === 'Debugger.scriptParsed') urls.set(message.params?.scriptId, message.params?.url)
      if (message.method !== 'Debugger.paused') return
      // A thread that stays paused cannot be terminated.
      send(3, 'Debugger.resume')
      send(4, 'Debugger.disable')
      clearTimeout(timer)
      const frames = message.params?.callFrames ?? []
      resolve(frames.map(frame => line(frame, urls.get(frame.location.scriptId))).join('\n'))
    })
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, error => {
      if (error === null) return
      clearTimeout(timer)
      reject(error)
    })
  })
}

function line({ functionName, location }: CallFrame, url = ''): string {
  const place = `${url}:${location.lineNumber + 1}:${location.columnNumber + 1}`
  return functionName === '' ? `    at ${place}` : `    at ${functionName} (${place})`
}
