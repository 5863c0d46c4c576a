/** Maps the frames of a stack to the original sources, where the scripts have source maps. */
import { Worker } from 'node:worker_threads'
import type { Place, StackFrame } from './stack-frame.js'

/** What the thread reports for the frame with this index. */
export interface MappedPlace {
  readonly index: number
  readonly place: Place
}

export interface MappingLimits {
  /** URL of the thread's module. */
  readonly threadUrl: URL
  /** Time limit. Frames that are not resolved by then stay unchanged. */
  readonly ms: number
}

/** Never rejects. Scripts without a source map cost nothing. */
export async function originalFrames(
  frames: readonly StackFrame[],
  { threadUrl, ms }: MappingLimits,
): Promise<readonly StackFrame[]> {
  if (frames.every(({ sourceMapUrl }) => sourceMapUrl === '')) return frames
  const places = new Map<number, Place>()
  try {
    const thread = new Worker(threadUrl, {
      name: 'tunicorn source maps',
      workerData: frames,
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    thread.on('message', ({ index, place }: MappedPlace) => places.set(index, place))
    await ended(thread, ms)
  } catch {
    // The thread could not be started. Unmapped frames are still better than none.
  }
  return frames.map((frame, index) => ({ ...frame, place: places.get(index) ?? frame.place }))
}

function ended(thread: Worker, ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      resolve()
      void thread.terminate()
    }, ms)
    // Also emitted when the thread ran out of memory.
    thread.once('error', () => {})
    thread.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
