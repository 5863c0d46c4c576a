import { HostedWorker, type HostedWorkerPlan } from '@tunicorn/arbiter/testing'
import { defaultWorkerSettings } from '@tunicorn/arbiter/worker'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, it, vi } from 'vitest'
import { fixtures } from '../support/run-arbiter.js'

function plan(directory: string, app = 'app.mjs'): HostedWorkerPlan {
  return {
    module: `file://${fixtures}plain-class.mjs`,
    app: { url: `file://${fixtures}${app}`, exportName: '', kind: 'auto', specifier: app },
    settings: { ...defaultWorkerSettings, timeout: 1 },
    options: {},
    unixPaths: [undefined],
    directory,
  }
}

async function answerOf({ addresses: [address] }: HostedWorker): Promise<{ readonly pid: number }> {
  if (typeof address !== 'object') throw new TypeError('The worker has no port')
  const answer: { readonly pid: number } = JSON.parse(
    await (await fetch(`http://127.0.0.1:${address.port}`)).text(),
  )
  return answer
}

it('is in standby, serves, beats and ends when it is told to, without an arbiter', async () => {
  await using directory = await temporaryDirectory()
  await using worker = await HostedWorker.start(plan(directory.path))
  await worker.booted()
  await worker.serve()
  expect((await answerOf(worker)).pid).toBe(worker.pid)
  await worker.beats(worker.heartbeats + 2)
  expect(worker.exit).toBeUndefined()
  worker.drain(5_000)
  expect(await worker.ended()).toEqual({ code: 0, signal: null })
  expect(worker.exit).toEqual({ code: 0, signal: null })
})

it('is told what others broadcast, and heard when it broadcasts', async () => {
  await using directory = await temporaryDirectory()
  await using worker = await HostedWorker.start(plan(directory.path, 'broadcasts.mjs'))
  await worker.serve()
  const [address] = worker.addresses
  if (typeof address !== 'object') throw new TypeError('The worker has no port')
  const ask = async (path: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${address.port}${path}`)).json()
  worker.broadcast([1, 2].map(number => ({ from: 'other', number })))
  await vi.waitFor(
    async () => expect(await ask('/')).toMatchObject({ heard: { other: { count: 2, isInOrder: true } } }),
    10_000,
  )
  await ask('/one')
  await worker.broadcasted(1)
  expect(worker.broadcasts).toEqual([{ from: worker.pid, number: 1 }])
})

it('rejects with the reason when the app cannot be loaded', async () => {
  await using directory = await temporaryDirectory()
  await using worker = await HostedWorker.start(plan(directory.path, 'throws.mjs'))
  await expect(worker.serve()).rejects.toThrow(/failed to boot: The app `throws.mjs` could not be loaded/)
  expect((await worker.ended()).code).toBe(4)
})

it('stops waiting for what never comes when the process has ended', async () => {
  await using directory = await temporaryDirectory()
  await using worker = await HostedWorker.start(plan(directory.path))
  await worker.serve()
  const beats = worker.beats(Number.POSITIVE_INFINITY)
  worker.kill()
  expect(await worker.ended()).toEqual({ code: null, signal: 'SIGKILL' })
  await beats
})
