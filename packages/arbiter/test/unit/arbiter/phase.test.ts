import { expect, it } from 'vitest'
import { hardened, phaseOf, type StopMode } from '../../../src/arbiter/phase.js'

const running = {
  stopMode: undefined,
  isReady: true,
  isUpgrading: false,
  isReloading: false,
  isParked: false,
}

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

it('names the phase by what matters most', () => {
  expect(phaseOf(running)).toBe('serving')
  expect(phaseOf({ ...running, isParked: true })).toBe('parked')
  expect(phaseOf({ ...running, isParked: true, isReloading: true })).toBe('reloading')
  expect(phaseOf({ ...running, isReloading: true, isUpgrading: true })).toBe('upgrading')
  expect(phaseOf({ ...running, isUpgrading: true, isReady: false })).toBe('starting')
  expect(phaseOf({ ...running, isUpgrading: true, stopMode: 'graceful' })).toBe('stopping')
})
