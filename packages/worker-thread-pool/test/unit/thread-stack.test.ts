import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { stackOfThread } from '../../src/pool/thread-stack.js'

async function blockedThread(): Promise<Worker> {
  const code = `require('node:worker_threads').parentPort.postMessage('blocked'); (function spin() { for (;;); })()`
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

it('is not waited for longer than is said, and a thread that pauses only then can be terminated, too', async () => {
  const thread = await blockedThread()
  expect(await stackOfThread(thread.threadId, 0)).toBeUndefined()
  expect(await thread.terminate()).toBe(1)
})
