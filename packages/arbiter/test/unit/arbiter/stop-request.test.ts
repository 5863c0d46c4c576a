import { expect, it } from 'vitest'
import { hardened, type StopMode, StopRequest } from '../../../src/arbiter/stop-request.js'

it.each<[current: StopMode | undefined, wanted: StopMode, then: StopMode]>([
  [undefined, 'graceful', 'graceful'],
  [undefined, 'quick', 'quick'],
  [undefined, 'kill', 'kill'],
  ['graceful', 'graceful', 'graceful'],
  ['graceful', 'quick', 'quick'],
  ['graceful', 'kill', 'kill'],
  ['quick', 'graceful', 'quick'],
  ['quick', 'quick', 'kill'],
  ['quick', 'kill', 'kill'],
  ['kill', 'graceful', 'kill'],
  ['kill', 'quick', 'kill'],
  ['kill', 'kill', 'kill'],
])('a stop that is %s becomes, when %s is asked for, %s', (current, wanted, then) => {
  expect(hardened(current, wanted)).toBe(then)
})

it('a step of the start is waited for until a stop is asked for', async () => {
  const request = new StopRequest()
  expect(await request.isBefore(Promise.resolve())).toBe(false)
  const waiting = request.isBefore(new Promise(() => {}))
  expect(request.ask('graceful')).toBe('graceful')
  expect(await waiting).toBe(true)
  await expect(new StopRequest().isBefore(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})
