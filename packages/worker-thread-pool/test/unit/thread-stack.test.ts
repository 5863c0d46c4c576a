import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { stackOfThread } from '../../src/pool/thread-stack.js'

async function blockedThread(depth = 0): Promise<Worker> {
  const spin = `function spin(n) { if (n > 0) spin(n - 1); parentPort.postMessage('blocked'); for (;;); }`
  const code = `const { parentPort } = require('node:worker_threads'); (${spin})(${depth})`
  const thread = new Worker(code, { eval: true })
  onTestFinished(async () => void (await thread.terminate()))
  await once(thread, 'message')
  return thread
}

it('is that of a thread which is blocked, and leaves it so that it can be terminated', async () => {
  const thread = await blockedThread()
  expect(await stackOfThread(thread.threadId)).toMatch(/^ {4}at spin \(/m)
  expect(await thread.terminate()).toBe(1)
})

it('that is given up leaves a thread that can be terminated, and the process alive', async () => {
  // Each moment between the first message to the thread and its answer. A message that came too late would abort the process.
  for (const withinMs of [0, 0, 1, 1, 2, 3, 5, 8, 13, 21]) {
    const thread = await blockedThread()
    await stackOfThread(thread.threadId, withinMs)
    expect(await thread.terminate()).toBe(1)
    const next = await blockedThread(500)
    await stackOfThread(next.threadId)
    expect(await next.terminate()).toBe(1)
  }
})

it('has the thirty innermost frames, however deep the thread is', async () => {
  const thread = await blockedThread(500)
  const stack = await stackOfThread(thread.threadId)
  expect(stack?.split('\n')).toHaveLength(30)
})
