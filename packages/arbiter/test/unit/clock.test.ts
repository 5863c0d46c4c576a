import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/clock.js'

/** A clock, and what moves its source. */
function clockAt(): { readonly clock: ReturnType<typeof createClock>; after(ms: number): void } {
  let real = 0
  return { clock: createClock(() => real), after: ms => (real += ms) }
}

describe("the arbiter's clock", () => {
  it('goes with its source while the arbiter runs', () => {
    const { clock, after } = clockAt()
    for (const ms of [250, 300, 1_999]) {
      after(ms)
      expect(clock.tick()).toBe(0)
    }
    after(10)
    expect(clock.now()).toBe(2_559)
  })

  it('says for how long the arbiter was not running, and lets no deadline pass meanwhile', () => {
    const { clock, after } = clockAt()
    after(250)
    clock.tick()
    after(60_000)
    expect(clock.now()).toBe(2_250)
    expect(clock.tick()).toBe(60_000)
    expect(clock.now()).toBe(2_250)
    after(100)
    expect(clock.now()).toBe(2_350)
    expect(clock.tick()).toBe(0)
  })
})
