import { strict as assert } from 'node:assert'
import { describe, expect, it } from 'vitest'
import {
  type AutoscaleView,
  beginAutoscale,
  nextAutoscale,
  restAutoscale,
} from '../../../src/supervision/autoscale.js'
import { Dice } from './dice.js'
import { type Course, type Demand, simulateDemand } from './simulated-demand.js'

const seed = Number(process.env.SEED ?? 1)
const mebibyte = 1_048_576

function courseOf(demand: Partial<Demand> & Pick<Demand, 'offered'>): Course {
  return simulateDemand({ min: 1, max: 8, bootMs: 300, seconds: 1_800, ...demand }, new Dice(seed))
}

/** Turns: from growing to shrinking, or back. */
function turns({ changes }: Course): number {
  const directions = changes.map(({ from, to }) => to > from)
  return directions.filter((direction, index) => index > 0 && direction !== directions[index - 1]).length
}

/** No step is wrong in itself, whatever the load. */
function checkSteps({ changes }: Course, { min, max, bootMs }: Pick<Demand, 'min' | 'max' | 'bootMs'>): void {
  for (const [index, { at, from, to }] of changes.entries()) {
    const sinceMs = (at - (changes[index - 1]?.at ?? Number.NEGATIVE_INFINITY)) * 1_000
    const wasMore = (changes[index - 1]?.to ?? 0) > (changes[index - 1]?.from ?? 0)
    assert.ok(to >= min && to <= max, `${to} workers at ${at} s, allowed are ${min} to ${max}`)
    assert.ok(to > from || from - to === 1, `from ${from} to ${to} in one step at ${at} s`)
    assert.ok(sinceMs >= bootMs, `a change at ${at} s, ${sinceMs} ms after another`)
    assert.ok(to > from || !wasMore || sinceMs >= 20_000, `down at ${at} s, ${sinceMs} ms after it went up`)
  }
}

describe('a steady load', () => {
  it.each([
    [0, 1],
    [0.4, 1],
    [1.5, 3],
    [3, 5],
    [20, 8],
  ])('of %f workers has %i workers after a while, and no more changes', (work, expected) => {
    const { changes, wanted } = courseOf({ offered: () => work, noise: 0.1 })
    expect(wanted.at(-1)).toBe(expected)
    expect(changes.every(({ at, to, from }) => to > from && at < 30)).toBe(true)
  })

  it.each([0.7, 0.75, 0.8, 1.4, 1.5, 1.6, 2.2, 2.25, 2.3])(
    'of %f workers, at the edge of a change and measured badly, does not go up and down',
    work => {
      const course = courseOf({ offered: () => work, noise: 0.2 })
      expect(turns(course)).toBe(0)
      expect(course.changes.length).toBeLessThanOrEqual(3)
    },
  )
})

describe('a wave through the day', () => {
  /** A quarter of one: its slopes are steeper. */
  const day = 6 * 3_600
  const offered = (second: number): number => 2.5 - 2.3 * Math.cos((2 * Math.PI * second) / day)

  it('is followed up and down once, and is served by enough workers all day', () => {
    const course = courseOf({ offered, noise: 0.1, seconds: day })
    checkSteps(course, { min: 1, max: 8, bootMs: 300 })
    expect(turns(course)).toBe(1)
    expect(course.overloaded).toBe(0)
    expect(Math.max(...course.wanted)).toBeGreaterThanOrEqual(6)
    expect(course.wanted.at(-1)).toBe(1)
    const spent = course.wanted.reduce((sum, workers) => sum + workers, 0) / course.wanted.length
    // A fixed number that serves the peak is 7.
    expect(spent).toBeLessThan(5)
  })
})

describe('a burst', () => {
  const offered = (second: number): number => (second >= 60 && second < 120 ? 5 : 0.2)

  it('is answered within seconds, and its workers go one by one when it is over', () => {
    const course = courseOf({ offered, seconds: 400 })
    checkSteps(course, { min: 1, max: 8, bootMs: 300 })
    expect(course.wanted[64]).toBeGreaterThan(1)
    expect(course.wanted[75]).toBeGreaterThanOrEqual(6)
    expect(course.overloaded).toBeLessThanOrEqual(12)
    expect(course.wanted[135]).toBe(course.wanted[119])
    expect(course.wanted.at(-1)).toBe(1)
    expect(turns(course)).toBe(1)
  })

  it('that is over after a second changes nothing', () => {
    expect(courseOf({ offered: second => (second % 60 < 1 ? 8 : 0.1) }).changes).toEqual([])
  })

  it('never asks for another worker before those that boot are there', () => {
    const bootMs = 15_000
    const course = courseOf({ offered, seconds: 1_000, bootMs })
    checkSteps(course, { min: 1, max: 8, bootMs })
    const up = course.changes.filter(({ from, to }) => to > from)
    for (const [index, { at }] of up.entries())
      if (index > 0) expect(at - (up[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(2 * 15)
    // What takes long to come does not go soon: twenty boots.
    const down = course.changes.find(({ from, to }) => to < from)
    expect(down?.at).toBeGreaterThanOrEqual(120 + 300)
  })
})

describe('a sawtooth', () => {
  it.each([2, 5, 10, 15])(
    'with teeth of %i s, shorter than the calm before a step down, settles',
    seconds => {
      const course = courseOf({ offered: at => (4 * (at % seconds)) / seconds })
      expect(turns(course)).toBe(0)
      expect(course.changes.length).toBeLessThanOrEqual(5)
    },
  )

  it.each([60, 120, 600])('with teeth of %i s goes up and down once for each at most', seconds => {
    const course = courseOf({ offered: at => (4 * (at % seconds)) / seconds })
    checkSteps(course, { min: 1, max: 8, bootMs: 300 })
    expect(turns(course)).toBeLessThanOrEqual(2 * (1_800 / seconds))
    expect(course.overloaded).toBeLessThanOrEqual(1_800 / 20)
  })
})

describe('the limit of memory', () => {
  const megabytes = (count: number): number => count * mebibyte

  it('is never passed by growth', () => {
    const course = courseOf({ offered: () => 20, rss: () => megabytes(100), rssLimit: megabytes(512) })
    expect(course.mostMemory).toBeLessThanOrEqual(megabytes(512))
    expect(course.wanted.at(-1)).toBe(4)
    expect(turns(course)).toBe(0)
  })

  it('takes workers one by one when those that there are grow, down to the least, and starts none again soon', () => {
    const leak = (age: number): number => megabytes(80 + age / 5)
    const course = courseOf({ offered: () => 20, rss: leak, rssLimit: megabytes(800), min: 2 })
    checkSteps(course, { min: 2, max: 8, bootMs: 300 })
    expect(course.changes.some(({ kind }) => kind === 'memory')).toBe(true)
    expect(course.changes.length).toBeLessThanOrEqual(25)
    const memory = course.changes.filter(({ kind }) => kind === 'memory')
    for (const { at } of memory) {
      const after = course.changes.find(change => change.at > at)
      if (after && after.to > after.from) expect(after.at - at).toBeGreaterThanOrEqual(300)
    }
    expect(course.wanted.at(-1)).toBe(2)
  })

  it('that wavers with garbage does not take and give in turn', () => {
    const waver = (age: number): number => megabytes(100 + 25 * Math.sin(age / 5))
    const course = courseOf({ offered: () => 20, rss: waver, rssLimit: megabytes(475), min: 3 })
    expect(turns(course)).toBeLessThanOrEqual(2 * 6)
    expect(course.mostMemory).toBeLessThanOrEqual(megabytes(600))
  })

  it('never takes the last workers', () => {
    const course = courseOf({ offered: () => 9, rss: () => megabytes(900), rssLimit: megabytes(100), min: 3 })
    expect(course.changes).toEqual([])
  })
})

describe('workers that do not last', () => {
  it('are no reason to start further ones', () => {
    const course = courseOf({ offered: () => 0.6, crashSeconds: 1, min: 1 })
    expect(course.changes).toEqual([])
    const busy = courseOf({ offered: () => 8, crashSeconds: 1, min: 2, bootMs: 500 })
    expect(busy.changes).toEqual([])
  })

  it('and never boot are given up, and the others stay', () => {
    const course = courseOf({ offered: () => 9, bootable: 3, min: 1 })
    expect(course.changes.some(({ kind, to }) => kind === 'boots' && to === 3)).toBe(true)
    expect(Math.min(...course.wanted.slice(60))).toBeGreaterThanOrEqual(3)
  })
})

describe('bounds', () => {
  const view: AutoscaleView = {
    now: 1_000,
    min: 2,
    max: 4,
    ready: 9,
    load: 0,
    bootMs: 300,
    isFailing: false,
    mayGoBack: false,
    memory: undefined,
  }

  it('that a reload has changed hold at once, and not before it is done', () => {
    const many = beginAutoscale(9, 0)
    expect(nextAutoscale(many, { ...view, mayGoBack: true }).workers).toBe(9)
    expect(nextAutoscale(many, view)).toMatchObject({ workers: 4, reason: { kind: 'bounds' } })
    expect(nextAutoscale(beginAutoscale(1, 0), view).workers).toBe(2)
  })

  it('are reached in a reload when there is work, and nobody leaves in one', () => {
    const reloading = { ...view, ready: 2, mayGoBack: true }
    let auto = beginAutoscale(2, 0)
    for (let now = 0; now < 20_000; now += 250)
      auto = nextAutoscale(auto, { ...reloading, now, load: 3, ready: 4 })
    expect(auto.workers).toBe(4)
    for (let now = 20_000; now < 200_000; now += 250)
      auto = nextAutoscale(auto, { ...reloading, now, ready: 4 })
    expect(auto.workers).toBe(4)
  })

  it('count anew after a rest', () => {
    let auto = beginAutoscale(3, 0)
    for (let now = 0; now < 19_000; now += 250) auto = nextAutoscale(auto, { ...view, now })
    auto = restAutoscale(auto, 19_000)
    for (let now = 19_250; now < 38_000; now += 250) auto = nextAutoscale(auto, { ...view, now })
    expect(auto.workers).toBe(3)
    for (let now = 38_000; now < 41_000; now += 250) auto = nextAutoscale(auto, { ...view, now })
    expect(auto.workers).toBe(2)
  })
})

describe('whatever the load', () => {
  it('a group stays within its bounds, steps down singly, and never sooner than twenty seconds after it went up', () => {
    for (let life = seed; life < seed + 100; life += 1) {
      const dice = new Dice(life)
      const min = dice.integer(1, 3)
      const demand = { min, max: min + dice.integer(0, 8), bootMs: dice.pick([100, 1_000, 8_000]) }
      const levels = Array.from({ length: 40 }, () => dice.between(0, 10))
      const every = dice.pick([3, 30, 90])
      const offered = (second: number): number => levels[Math.floor(second / every) % levels.length] ?? 0
      checkSteps(
        simulateDemand({ ...demand, seconds: 600, noise: dice.pick([0, 0.3]), offered }, dice),
        demand,
      )
    }
  })
})
