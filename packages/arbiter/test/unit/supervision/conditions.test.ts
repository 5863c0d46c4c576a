import { describe, expect, it } from 'vitest'
import { Conditions } from '../../../src/supervision/conditions.js'

describe('a condition', () => {
  it('resolves at the first check that finds it met', async () => {
    const conditions = new Conditions()
    let isMet = false
    let isSettled = false
    const waiting = conditions
      .until(() => isMet)
      .then(() => {
        isSettled = true
      })
    conditions.check()
    await Promise.resolve()
    expect(isSettled).toBe(false)
    isMet = true
    conditions.check()
    await waiting
  })

  it('rejects with what it throws, and with the reason of its signal', async () => {
    const conditions = new Conditions()
    const failing = conditions.until(() => {
      throw new Error('never')
    })
    const controller = new AbortController()
    const aborted = conditions.until(() => false, controller.signal)
    conditions.check()
    await expect(failing).rejects.toThrow('never')
    controller.abort(new Error('nobody waits'))
    await expect(aborted).rejects.toThrow('nobody waits')
    await expect(conditions.until(() => true, controller.signal)).rejects.toThrow('nobody waits')
  })
})
