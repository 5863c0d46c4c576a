import { expect, test } from 'vitest'
import { originalFrames } from '../../../src/host/original-frames.js'
import type { StackFrame } from '../../../src/host/stack-frame.js'

const place = { url: 'file:///app/dist/app.js', line: 3, column: 7 }
const frame: StackFrame = { functionName: 'serve', place, sourceMapUrl: 'app.js.map' }

const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

test('frames are as they were when their source maps take too long', async () => {
  const startedAt = performance.now()
  const found = await originalFrames([frame], { threadUrl: thread('for (;;);'), ms: 50 })
  expect(found).toEqual([frame])
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})

test('frames are as they were when no map can be read at all', async () => {
  for (const code of ['throw new Error("no memory")', 'process.exit(3)', 'import "none"'])
    expect(await originalFrames([frame], { threadUrl: thread(code), ms: 5_000 })).toEqual([frame])
})

test('what was found before the time is over counts', async () => {
  const original = { url: 'file:///app/src/app.ts', line: 30, column: 1 }
  const message = JSON.stringify({ index: 1, place: original })
  const code = `import { parentPort } from 'node:worker_threads'; parentPort.postMessage(${message}); setInterval(() => {}, 1000)`
  const found = await originalFrames([frame, frame], { threadUrl: thread(code), ms: 1_000 })
  expect(found).toEqual([frame, { ...frame, place: original }])
})

test('no thread is started for scripts without a source map', async () => {
  const plain = { ...frame, sourceMapUrl: '' }
  const threadUrl = new URL('file:///none.js')
  expect(await originalFrames([plain], { threadUrl, ms: 0 })).toEqual([plain])
})
