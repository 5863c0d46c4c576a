import { describe, expect, it } from 'vitest'
import { manyBroadcasts, Village } from '../runs/broadcasts.js'

describe('a broadcast', () => {
  it('reaches all other workers, and not the one that sends it', async () => {
    await using village = await Village.start(['one', 'two', 'three'])
    const { pid } = await village.ask('one', '/one')
    const once = { [pid]: { count: 1, last: 1, isInOrder: true } }
    await expect.poll(async () => (await village.ask('two')).heard).toEqual(once)
    await expect.poll(async () => (await village.ask('three')).heard).toEqual(once)
    expect((await village.ask('one')).heard).toEqual({})
  })

  it('to one group reaches no other', async () => {
    await using village = await Village.start(['one', 'two', 'three'])
    const { pid } = await village.ask('one', '/one?group=three')
    await village.ask('one', '/one')
    const second = { count: 1, last: 2, isInOrder: true }
    await expect.poll(async () => (await village.ask('two')).heard).toEqual({ [pid]: second })
    const both = { count: 2, last: 2, isInOrder: true }
    await expect.poll(async () => (await village.ask('three')).heard).toEqual({ [pid]: both })
  })

  it.each([
    ['is too large', '/too-large', 'BROADCAST_TOO_LARGE'],
    ['comes too often', '/too-often', 'BROADCAST_TOO_OFTEN'],
    ['is not JSON', '/not-json', 'TypeError'],
  ])('that %s is refused, and nobody is killed for it', async (_what, path, failure) => {
    await using village = await Village.start(['one', 'two'])
    const { pid, ...told } = await village.ask('one', path)
    expect(told.failure).toBe(failure)
    expect((await village.ask('one')).pid).toBe(pid)
    expect((await village.server.stop()).code).toBe(0)
    expect(village.server.output).not.toContain('Killing')
  })
})

// `test/soak` does it for longer.
it('10,000 a second arrive in order, and one worker that does not read costs nobody else', () =>
  manyBroadcasts(2))
