import { describe, expect, it } from 'vitest'
import { CreditLedger, CreditWindow } from '../../src/protocol/credit.js'

describe('credit', () => {
  it('never leaves a sender waiting for credit that the receiver keeps to itself', () => {
    const window = new CreditWindow()
    const credits = new CreditLedger()
    const sizes = [1, 1000, 16_384, 65_535, 65_536, 65_537, 300_000]
    for (let round = 0; round < 1000; round += 1) {
      const size = sizes[round % sizes.length] ?? 1
      expect(window.isFull).toBe(false)
      window.take(size)
      window.give(credits.add(size))
    }
  })

  it('stops a sender whose receiver takes nothing', () => {
    const window = new CreditWindow()
    let sent = 0
    while (!window.isFull) {
      window.take(65_536)
      sent += 65_536
    }
    expect(sent).toBe(262_144)
  })
})
