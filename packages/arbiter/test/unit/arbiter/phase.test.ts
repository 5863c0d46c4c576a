import { expect, it } from 'vitest'
import { phaseOf } from '../../../src/arbiter/phase.js'

const running = {
  stopMode: undefined,
  isReady: true,
  isUpgrading: false,
  isReloading: false,
  isParked: false,
}

it('names the phase by what matters most', () => {
  expect(phaseOf(running)).toBe('serving')
  expect(phaseOf({ ...running, isParked: true })).toBe('parked')
  expect(phaseOf({ ...running, isParked: true, isReloading: true })).toBe('reloading')
  expect(phaseOf({ ...running, isReloading: true, isUpgrading: true })).toBe('upgrading')
  expect(phaseOf({ ...running, isUpgrading: true, isReady: false })).toBe('starting')
  expect(phaseOf({ ...running, isUpgrading: true, stopMode: 'graceful' })).toBe('stopping')
})
