import type { StackFrame } from './stack-frame.js'

/**
 * A stack in terms of the sources: places in scripts with a source map are replaced by those in the source. Places that no source
 * map resolves within `ms` milliseconds stay unchanged. Never rejects.
 *
 * @returns a line for each frame, as in an error, without indentation.
 */
export async function sourceStack(frames: readonly StackFrame[], ms: number): Promise<string> {
  // Most processes never need these modules.
  const [{ originalFrames }, { stackText }] = await Promise.all([
    import('./original-frames.js'),
    import('./stack-frame.js'),
  ])
  const threadUrl = new URL('./host/source-maps-thread.js', import.meta.url)
  return stackText(await originalFrames(frames, { threadUrl, ms }))
}
