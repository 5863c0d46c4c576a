import { expect, test } from 'vitest'
import { isReady } from '../../../src/supervision/is-ready.js'
import { buildState } from './build-state.js'

const serving = { state: 'serving' } as const
const booting = { state: 'booting' } as const
const standby = { state: 'standby' } as const

test('a group is ready when its workers serve and none is on its way', () => {
  expect(isReady(buildState({ workers: 2 }, []))).toBe(false)
  expect(isReady(buildState({ workers: 2 }, [serving, booting]))).toBe(false)
  expect(isReady(buildState({ workers: 2 }, [serving, standby]))).toBe(false)
  expect(isReady(buildState({ workers: 2 }, [serving, serving]))).toBe(true)
  expect(isReady(buildState({ workers: 2 }, [serving, { state: 'draining' }]))).toBe(true)
})

test('spares are not waited for, but the workers that serve are', () => {
  expect(isReady(buildState({ workers: 2, spares: 2 }, [serving, booting, standby]))).toBe(false)
  expect(isReady(buildState({ workers: 2, spares: 2 }, [serving, serving, booting]))).toBe(true)
  expect(isReady(buildState({ workers: 2, spares: 2 }, [serving, serving, standby, standby]))).toBe(true)
})

test('a group that is held is ready when its worker stands by', () => {
  const state = buildState({ workers: 1, spares: 1 }, [standby])
  expect(isReady(state)).toBe(false)
  state.isHeld = true
  expect(isReady(state)).toBe(true)
})
