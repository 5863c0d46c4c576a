import { createServer } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'
import { type Deferred, deferred } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { Acceptor } from '../../src/service/acceptor.js'

/** Opens when the test says so. */
class SlowListener implements Listener {
  readonly address = 'test'
  isOpen = false
  readonly opening: Deferred[] = []

  listen(): Promise<void> {
    return this.resume()
  }

  pause(): void {
    this.isOpen = false
  }

  async resume(): Promise<void> {
    if (this.isOpen) throw new Error('Resumed while it was open')
    const gate = deferred()
    this.opening.push(gate)
    await gate.promise
    this.isOpen = true
  }

  async open(): Promise<void> {
    this.opening.shift()?.resolve()
    await new Promise(resolve => setImmediate(resolve))
  }
}

function acceptorOf(listeners: readonly Listener[]): { acceptor: Acceptor; errors: unknown[] } {
  const errors: unknown[] = []
  const servers = listeners.map(() => createServer())
  const acceptor = new Acceptor({ listeners, servers, limit: 1, failed: error => errors.push(error) })
  return { acceptor, errors }
}

test('the limit is reached while another listener is still opening', async () => {
  const [first, second] = [new SlowListener(), new SlowListener()]
  const { acceptor } = acceptorOf([first, second])
  const started = acceptor.start()
  await first.open()
  acceptor.update(1)
  await second.open()
  await started
  expect([first.isOpen, second.isOpen]).toEqual([false, false])
})

test('the limit is reached while listeners resume: none stays open', async () => {
  const [first, second] = [new SlowListener(), new SlowListener()]
  const { acceptor, errors } = acceptorOf([first, second])
  const started = acceptor.start()
  await Promise.all([first.open(), second.open()])
  await started
  acceptor.update(1)
  acceptor.update(0)
  await first.open()
  acceptor.update(1)
  await second.open()
  expect([first.isOpen, second.isOpen]).toEqual([false, false])
  acceptor.update(0)
  await Promise.all([first.open(), second.open()])
  expect([first.isOpen, second.isOpen]).toEqual([true, true])
  expect(errors).toEqual([])
})

test('the limit is reached and left while listeners resume: all are open in the end', async () => {
  const [first, second] = [new SlowListener(), new SlowListener()]
  const { acceptor, errors } = acceptorOf([first, second])
  const started = acceptor.start()
  await Promise.all([first.open(), second.open()])
  await started
  acceptor.update(1)
  acceptor.update(0)
  await first.open()
  acceptor.update(1)
  acceptor.update(0)
  await second.open()
  await Promise.all([first.open(), second.open()])
  expect([first.isOpen, second.isOpen]).toEqual([true, true])
  expect(errors).toEqual([])
})

test('a stop while a listener resumes leaves it closed for good', async () => {
  const listener = new SlowListener()
  const { acceptor } = acceptorOf([listener])
  const started = acceptor.start()
  await listener.open()
  await started
  acceptor.update(1)
  acceptor.update(0)
  acceptor.stop()
  await listener.open()
  acceptor.update(0)
  expect(listener.isOpen).toBe(false)
  expect(listener.opening).toEqual([])
})

test('a stop before the start touches no listener', () => {
  const listener: Listener = new SlowListener()
  listener.pause = () => {
    throw new Error('Paused before it listened')
  }
  acceptorOf([listener]).acceptor.stop()
})
