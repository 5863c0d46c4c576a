import { describe, expect, it } from 'vitest'
import type { WorkerSample } from '../../../src/protocol/messages.js'
import { nothingCompared } from '../../../src/supervision/canary-errors.js'
import { applyExit } from '../../../src/supervision/exit-events.js'
import { applyThrottled } from '../../../src/supervision/order-events.js'
import { reconcile } from '../../../src/supervision/reconcile.js'
import type { ArbiterState, Rollout } from '../../../src/supervision/state.js'
import { buildSample } from './build-sample.js'
import { addGroup, addRow, buildState, now, policy, type RowSketch, web, words } from './build-state.js'

const rollout = (state: ArbiterState, phase: Rollout['phase'], failures = 0): ArbiterState => {
  web(state).rollout = {
    generation: 2,
    policy,
    phase,
    failures,
    servingSince: undefined,
    compared: nothingCompared,
    left: 0,
    isDone: false,
  }
  return state
}
const reason = { kind: 'max-requests', text: 'enough' } as const

describe('keeping the target', () => {
  it.each([
    ['spawns what is missing', buildState({ workers: 3 }, [{ state: 'serving' }]), ['spawn 1', 'spawn 1']],
    ['does nothing when the target is met', buildState({}, [{ state: 'serving' }, { state: 'serving' }]), []],
    [
      'promotes a worker that is in standby',
      buildState({ workers: 1 }, [{ state: 'standby' }]),
      ['promote 1'],
    ],
    ['does not promote twice', buildState({ workers: 1 }, [{ state: 'promoting' }]), []],
    [
      'replaces a worker that drains at once',
      buildState({ workers: 1 }, [{ state: 'draining' }]),
      ['spawn 1'],
    ],
    [
      'drains the one in the last slot when there are too many',
      buildState({ workers: 1 }, [{ state: 'serving' }, { state: 'serving' }]),
      ['drain 2'],
    ],
    [
      'keeps spares in standby',
      buildState({ workers: 1, spares: 2 }, [{ state: 'serving' }, { state: 'standby' }]),
      ['spawn 1'],
    ],
    [
      'boots no more at a time than allowed',
      buildState({ workers: 5, maxBooting: 2 }, [{ state: 'booting' }]),
      ['spawn 1'],
    ],
  ] as const)('%s', (_sentence, state, expected) => {
    expect(words(reconcile(state, now))).toEqual(expected)
  })

  it('waits for the crash budget before it spawns, and only until then', () => {
    const state = buildState({ workers: 1 }, [])
    web(state).budget = { failures: 3, notBefore: now + 500 }
    expect(reconcile(state, now)).toEqual([])
    expect(words(reconcile(state, now + 500))).toEqual(['spawn 1'])
  })

  it('holds workers in standby when it only checks', () => {
    const state = buildState({ workers: 1 }, [{ state: 'standby' }])
    state.isHeld = true
    expect(reconcile(state, now)).toEqual([])
  })

  it('boots one worker when it only checks, however many there would be', () => {
    const state = buildState({ workers: 3, spares: 2 }, [])
    state.isHeld = true
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
    addRow(state, { state: 'booting' })
    expect(reconcile(state, now)).toEqual([])
  })
})

describe('scaling', () => {
  it('follows TTIN and TTOU', () => {
    const state = buildState({ workers: 2 }, [{ state: 'serving' }, { state: 'serving' }])
    web(state).scaleBy = 1
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
    web(state).scaleBy = -1
    expect(words(reconcile(state, now))).toEqual(['drain 2'])
  })
})

describe('recycling', () => {
  it('boots the replacement before it drains the worker', () => {
    const state = buildState({ workers: 1 }, [{ state: 'serving', retire: reason }])
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
  })

  it('promotes the replacement, and drains the worker once it serves', () => {
    const retiring = { state: 'serving', retire: reason } as const
    const ready = buildState({ workers: 1 }, [retiring, { state: 'standby', slot: 0 }])
    expect(words(reconcile(ready, now))).toEqual(['promote 2'])
    const serving = buildState({ workers: 1 }, [retiring, { state: 'serving', slot: 0 }])
    expect(words(reconcile(serving, now))).toEqual(['drain 1'])
  })

  it('replaces one worker at a time', () => {
    const state = buildState({ workers: 3 }, [
      { state: 'serving', retire: reason },
      { state: 'serving', retire: reason },
      { state: 'serving', retire: reason },
    ])
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
  })

  it.each([
    ['its age', { maxAgeMs: 20_000 }, { servingAt: now - 20_001 }, ['retire 1']],
    ['its memory', { maxRssBytes: 100 }, { servingAt: now - 10_001, sample: sampleOf(101) }, ['retire 1']],
    [
      'its memory, which is far above the limit soon after it began to serve',
      { maxRssBytes: 100 },
      { servingAt: now - 500, sample: sampleOf(151) },
      ['retire 1'],
    ],
    [
      'its memory, where the limit is below what it needed after its boot and a quarter more',
      { maxRssBytes: 100 },
      { servingAt: now - 10_001, footprint: 200, sample: sampleOf(251) },
      ['retire 1'],
    ],
    [
      'no memory that it needed after its boot',
      { maxRssBytes: 100 },
      { servingAt: now - 10_001, footprint: 200, sample: sampleOf(250) },
      [],
    ],
    [
      'nothing yet that it may have for ten seconds',
      { maxRssBytes: 100 },
      { servingAt: now - 500, sample: sampleOf(149) },
      [],
    ],
    [
      'its memory, but not before its minimum life',
      { maxRssBytes: 100 },
      { servingAt: now - 9_000, sample: sampleOf(101) },
      [],
    ],
  ] as const)('recycles a worker for %s', (_what, limits, row, expected) => {
    const state = buildState({ workers: 1, ...limits }, [{ state: 'serving', ...row }])
    expect(words(reconcile(state, now))).toEqual(expected)
  })
})

const sampleOf = (rss: number): WorkerSample => buildSample({ rss })

describe('a worker that is told to serve and does not yet', () => {
  it('drains when its generation has failed, because its listeners may be gone', () => {
    const state = buildState({ workers: 1 }, [{ state: 'serving' }, { state: 'promoting', generation: 2 }])
    expect(words(reconcile(state, now))).toEqual(['drain 2'])
  })

  it('is not told anything else while its generation serves or goes', () => {
    const state = buildState({ workers: 2 }, [{ state: 'promoting' }, { state: 'promoting', generation: 0 }])
    expect(words(reconcile(state, now))).not.toContain('drain 1')
    expect(words(reconcile(state, now))).not.toContain('drain 2')
  })
})

describe('reloading', () => {
  const two = [{ state: 'serving' }, { state: 'serving' }] as const

  it('boots one canary and touches nothing else', () => {
    expect(words(reconcile(rollout(buildState({}, two), 'canary'), now))).toEqual(['spawn 2'])
  })

  it('rolls once the canary stands by, when there is no canary window', () => {
    const state = rollout(buildState({}, [...two, { state: 'standby', generation: 2 }]), 'canary')
    expect(words(reconcile(state, now))).toEqual(['prove'])
    const proving = rollout(buildState({}, [...two, { state: 'standby', generation: 2 }]), 'proving')
    expect(words(reconcile(proving, now))).toEqual(['roll'])
  })

  describe('with a canary window of 5 s', () => {
    const proving = (rows: readonly RowSketch[], changes: Partial<Rollout> = {}): ArbiterState => {
      const state = buildState({}, [...two, ...rows])
      const window = { ...policy, canaryMs: 5_000 }
      web(state).rollout = {
        generation: 2,
        policy: window,
        phase: 'proving',
        failures: 0,
        servingSince: undefined,
        compared: nothingCompared,
        left: 0,
        isDone: false,
        ...changes,
      }
      return state
    }
    const canary = { state: 'serving', generation: 2 } as const

    it('lets the canary serve beside all of the old workers', () => {
      expect(words(reconcile(proving([{ state: 'standby', generation: 2 }]), now))).toEqual(['promote 3'])
    })

    it('rolls when the window is over, and not before', () => {
      const early = proving([canary], { servingSince: now - 4_999 })
      expect(reconcile(early, now)).toEqual([])
      expect(words(reconcile(proving([canary], { servingSince: now - 5_000 }), now))).toEqual(['roll'])
    })

    it('goes back as soon as its requests fail much more often than those of the old workers', () => {
      const limited = { policy: { ...policy, canaryMs: 5_000, canaryMaxErrors: 0.05 }, servingSince: now }
      const compared = { fresh: { ended: 50, failed: 6 }, old: { ended: 500, failed: 5 } }
      expect(reconcile(proving([canary], { ...limited, compared }), now)).toEqual([
        {
          type: 'rollout-failed',
          group: 'web',
          problem:
            'its requests fail more often than those of the old generation: 12 % (6 of 50), against 1 % (5 of 500)',
        },
      ])
      const alike = { fresh: { ended: 50, failed: 6 }, old: { ended: 500, failed: 50 } }
      expect(reconcile(proving([canary], { ...limited, compared: alike }), now)).toEqual([])
      expect(reconcile(proving([canary], { servingSince: now, compared }), now)).toEqual([])
    })

    it('also lets the first worker of a group serve that is new with the reload', () => {
      const state = buildState({ workers: 0 }, [{ state: 'standby', generation: 2 }])
      const window = { ...policy, canaryMs: 5_000 }
      const rollout = {
        generation: 2,
        policy: window,
        phase: 'proving',
        failures: 0,
        compared: nothingCompared,
        left: 0,
        isDone: false,
      } as const
      web(state).rollout = { ...rollout, servingSince: undefined }
      expect(words(reconcile(state, now))).toEqual(['promote 1'])
      state.isParked = true
      expect(words(reconcile(state, now))).toEqual(['roll'])
    })

    it('waits for the end of a canary that is being killed, whatever the one after it is like', () => {
      for (const dying of [
        { abortedAt: now },
        { killed: { at: now, reason: { kind: 'timeout', text: '' } } },
      ] as const)
        expect(
          reconcile(proving([{ ...canary, ...dying }, canary], { servingSince: now - 9_000 }), now),
        ).toEqual([])
    })

    it('waits for a canary that is silent: its timeout decides', () => {
      const silent = { ...canary, silentSince: now - 2_001 }
      expect(reconcile(proving([silent], { servingSince: now - 9_000 }), now)).toEqual([])
    })

    it('goes back at once when a canary had to be killed', () => {
      const killed = { reason: { kind: 'timeout', text: 'it was silent' }, at: now } as const
      const state = proving([{ ...canary, bootedAt: now, killed }], { servingSince: now - 1_000 })
      const row = state.table.get(3)
      if (row) applyExit(state, row, { code: null, signal: 'SIGKILL' }, now, 0)
      expect(words(reconcile(state, now))).toEqual(['rollout-failed'])
    })

    it('tries another canary after one has ended, and goes back after the second', () => {
      const state = proving([{ ...canary, bootedAt: now }], { servingSince: now - 1_000 })
      const row = state.table.get(3)
      if (row) applyExit(state, row, { code: 1, signal: null }, now, 0)
      expect(web(state).rollout).toMatchObject({ failures: 1, servingSince: undefined })
      expect(words(reconcile(state, now))).toEqual(['spawn 2'])
      expect(words(reconcile(proving([canary], { failures: 2 }), now))).toEqual(['rollout-failed'])
    })

    it('does not hold a kill from outside against the new generation', () => {
      const state = proving([{ ...canary, bootedAt: now }], { servingSince: now - 1_000 })
      const row = state.table.get(3)
      if (row) applyExit(state, row, { code: null, signal: 'SIGKILL' }, now, 0)
      expect(web(state).rollout).toMatchObject({ failures: 0 })
    })

    it('counts workers that end while the others are replaced, however often one becomes ready between', () => {
      const state = proving([{ ...canary, bootedAt: now }, canary], { phase: 'rolling', failures: 2 })
      const row = state.table.get(3)
      if (row) applyExit(state, row, { code: 1, signal: null }, now, 0)
      expect(words(reconcile(state, now))).toEqual(['rollout-failed'])
    })

    it('drains the canary of a rollout that has failed, once the old workers are enough', () => {
      expect(words(reconcile(buildState({}, [...two, canary]), now))).toEqual(['drain 3'])
    })
  })

  it('goes back when the canary does not boot', () => {
    expect(words(reconcile(rollout(buildState({}, two), 'canary', 1), now))).toEqual(['rollout-failed'])
  })

  it('replaces one for one, the successor first', () => {
    const state = rollout(buildState({}, [...two, { state: 'standby', generation: 2 }]), 'rolling')
    expect(words(reconcile(state, now))).toEqual(['promote 3'])
    const next = rollout(buildState({}, [...two, { state: 'serving', generation: 2 }]), 'rolling')
    expect(words(reconcile(next, now))).toEqual(['drain 1'])
  })

  it('respawns the old generation while the canary boots', () => {
    const state = rollout(
      buildState({}, [{ state: 'serving' }, { state: 'booting', generation: 2 }]),
      'canary',
    )
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
  })

  it('lets go what the old generation has in standby beside enough that serve: the next successor needs its place', () => {
    const rows = [{ state: 'serving' }, { state: 'standby' }, { state: 'serving', generation: 2 }] as const
    const state = rollout(buildState({}, rows), 'rolling')
    expect(words(reconcile(state, now))).toEqual(['drain 2'])
  })

  it('is done when every worker is of the new generation', () => {
    const state = rollout(
      buildState(
        {},
        two.map(row => ({ ...row, generation: 2 })),
      ),
      'rolling',
    )
    expect(words(reconcile(state, now))).toEqual(['rollout-done'])
  })

  it('ends under load where workers leave after their request: as many have served as there should be', () => {
    const rows: readonly RowSketch[] = [
      { state: 'booting', generation: 2 },
      { state: 'serving', generation: 2 },
    ]
    const rolled = (left: number, all = rows): readonly string[] => {
      const state = rollout(buildState({}, all), 'rolling')
      Object.assign(web(state).rollout ?? {}, { left })
      return words(reconcile(state, now))
    }
    expect(rolled(0)).toEqual([])
    expect(rolled(1)).toEqual(['rollout-done'])
    expect(rolled(9, [...rows, { state: 'standby' }])).not.toContain('rollout-done')
  })

  it('may miss as many workers as it is allowed to', () => {
    const state = rollout(buildState({}, [...two, { state: 'standby', generation: 2 }]), 'rolling')
    web(state).rollout = {
      generation: 2,
      policy: { ...policy, maxUnavailable: 1 },
      phase: 'rolling',
      failures: 0,
      servingSince: undefined,
      compared: nothingCompared,
      left: 0,
      isDone: false,
    }
    expect(words(reconcile(state, now))).toEqual(['promote 3', 'drain 1'])
  })

  it('lets a canary go whose rollout has failed', () => {
    const state = buildState({}, [...two, { state: 'standby', generation: 2 }])
    expect(words(reconcile(state, now))).toEqual(['drain 3'])
  })

  it('does not serve with a worker whose rollout has failed, also when another is missing', () => {
    const state = buildState({ workers: 1 }, [{ state: 'standby', generation: 2 }])
    expect(words(reconcile(state, now))).toEqual(['spawn 1', 'drain 1'])
  })

  it('replaces the spares of the old generation as well', () => {
    const fresh = two.map(row => ({ ...row, generation: 2 }))
    const spare = { state: 'standby' } as const
    const state = rollout(buildState({ spares: 2 }, [...fresh, spare, spare]), 'rolling')
    web(state).rollout = {
      generation: 2,
      policy: { ...policy, spares: 2 },
      phase: 'rolling',
      failures: 0,
      servingSince: undefined,
      compared: nothingCompared,
      left: 0,
      isDone: false,
    }
    expect(words(reconcile(state, now))).toEqual(['spawn 2'])
    addRow(state, { state: 'standby', generation: 2 })
    expect(words(reconcile(state, now))).toContain('drain 3')
  })

  it('waits for the canaries of every group', () => {
    const state = rollout(buildState({}, [...two, { state: 'standby', generation: 2 }]), 'canary')
    const other = { ...web(state), name: 'other' }
    addGroup(state, other)
    expect(words(reconcile(state, now))).not.toContain('roll')
  })
})

describe('a CPU quota', () => {
  const silent: RowSketch = { state: 'serving', silentSince: now - 33_000 }

  it('does not make a worker silent that it keeps from running', () => {
    const state = buildState({ workers: 1 }, [silent])
    applyThrottled(state, 4_000, now)
    expect(words(reconcile(state, now))).toEqual([])
    expect(words(reconcile(state, now + 1_001))).toEqual(['abort 1'])
  })

  it('is no credit for the time to come', () => {
    const state = buildState({ workers: 1 }, [{ state: 'serving' }])
    applyThrottled(state, 20_000, now)
    expect(words(reconcile(state, now + 30_001))).toEqual(['abort 1'])
  })
})

describe('deadlines', () => {
  it.each([
    ['asks for evidence of a silent worker', { state: 'serving', silentSince: now - 30_001 }, ['abort 1']],
    ['leaves a worker alone that was heard of in time', { state: 'serving', silentSince: now - 29_000 }, []],
    [
      'kills a silent worker after the evidence',
      { state: 'serving', silentSince: now - 30_300, abortedAt: now - 200, abortedFor: 'silence' },
      ['kill 1'],
    ],
    ['kills a boot that takes too long', { state: 'booting', stateAt: now - 60_001 }, ['kill 1']],
    [
      'does not hold a slow boot to the timeout of a serving worker',
      { state: 'booting', stateAt: now - 40_000, silentSince: now - 40_000 },
      [],
    ],
    [
      'kills a worker that does not end after its drain',
      { state: 'draining', drain: { reason, at: 0, deadline: now - 2_001 } },
      ['kill 1'],
    ],
    [
      'gives a draining worker time to cut and exit',
      { state: 'draining', drain: { reason, at: 0, deadline: now - 1_000 } },
      [],
    ],
    ['kills a closed worker that does not exit', { state: 'closed', stateAt: now - 2_001 }, ['kill 1']],
    ['kills once', { state: 'closed', stateAt: now - 9_000, killed: { reason, at: now - 1 } }, []],
  ] as const)('%s', (_sentence, row, expected) => {
    const state = buildState({ workers: 2 }, [row, { state: 'serving' }])
    const aboutThem = words(reconcile(state, now)).filter(word => !word.startsWith('spawn'))
    expect(aboutThem).toEqual(expected)
  })

  it('has no timeout when it is 0', () => {
    const state = buildState({ workers: 1, timeoutMs: 0 }, [{ state: 'serving', silentSince: 0 }])
    expect(reconcile(state, now)).toEqual([])
  })
})

describe('stopping', () => {
  const order = (mode: 'graceful' | 'quick' | 'kill', drainAt = now) => ({ mode, drainAt, reason })

  it('drains everything, idle workers within a second', () => {
    const state = buildState({}, [{ state: 'serving' }, { state: 'standby' }, { state: 'booting' }])
    state.stop = order('graceful')
    expect(reconcile(state, now)).toEqual([
      { type: 'drain', age: 1, deadlineMs: 30_000, reason },
      { type: 'drain', age: 2, deadlineMs: 1_000, reason },
      { type: 'drain', age: 3, deadlineMs: 1_000, reason },
    ])
  })

  it('goes on as usual until the drain delay is over', () => {
    const state = buildState({}, [{ state: 'serving' }])
    state.stop = order('graceful', now + 5_000)
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
  })

  it('keeps its patience with workers that fail to boot until the drain delay is over', () => {
    const state = buildState({ workers: 1 }, [{ state: 'booting' }])
    state.stop = order('graceful', now + 5_000)
    const [row] = state.table.rows()
    if (row) applyExit(state, row, { code: 1, signal: null }, now, 0)
    expect(reconcile(state, now)).toEqual([])
  })

  it('shortens a drain that is under way when the stop gets harder', () => {
    const state = buildState({ workers: 1 }, [
      { state: 'draining', drain: { reason, at: now, deadline: now + 30_000 } },
    ])
    state.stop = order('quick')
    expect(reconcile(state, now)).toEqual([{ type: 'drain', age: 1, deadlineMs: 1_000, reason }])
  })

  it('asks once', () => {
    const state = buildState({ workers: 1 }, [
      { state: 'draining', drain: { reason, at: now, deadline: now + 1_000 } },
    ])
    state.stop = order('quick')
    expect(reconcile(state, now)).toEqual([])
  })

  it('halts when nobody is left', () => {
    const state = buildState({}, [])
    state.stop = order('graceful')
    expect(reconcile(state, now)).toEqual([{ type: 'halt', cause: 'stopped' }])
  })
})

describe('a server that never booted', () => {
  it('waits for the workers that are still booting, and halts when none became ready', () => {
    const state = buildState({}, [{ state: 'booting' }])
    web(state).wasReady = false
    state.fatalBoot = { code: 'APP_LOAD_FAILED', message: 'broken' }
    expect(reconcile(state, now)).toEqual([])
    state.table.remove(1)
    expect(reconcile(state, now)).toEqual([{ type: 'halt', cause: 'boot-failed' }])
  })

  it('goes on when one became ready', () => {
    const state = buildState({ workers: 1 }, [])
    state.fatalBoot = { code: 'APP_LOAD_FAILED', message: 'broken' }
    expect(words(reconcile(state, now))).toEqual(['spawn 1'])
  })
})

describe('the crash budget', () => {
  const crash = { code: 1, signal: null }

  it('is spent by a worker that dies within a second of being ready', () => {
    const state = buildState({ workers: 1 }, [{ state: 'serving' }])
    const [row] = state.table.rows()
    if (row) applyExit(state, { ...row, bootedAt: now }, crash, now + 500, 0)
    expect(web(state).budget.failures).toBe(1)
  })

  it.each([
    ['has served a request', { sample: { ...sampleOf(1), requests: 1 } }, crash],
    ['was killed by somebody else', {}, { code: null, signal: 'SIGKILL' }],
    ['was told to leave', { drain: { reason, at: now, deadline: now + 1_000 } }, crash],
    ['has served for long', { servingAt: now - 2_000 }, crash],
  ])('is not spent by a worker that %s', (_what, more, exit) => {
    const state = buildState({ workers: 1 }, [{ state: 'serving' }])
    const [row] = state.table.rows()
    if (row) applyExit(state, { ...row, bootedAt: now, ...more }, exit, now + 500, 0)
    expect(web(state).budget.failures).toBe(0)
  })
})

describe('slots', () => {
  const slotsOf = (state: ArbiterState): readonly unknown[] =>
    reconcile(state, now).flatMap(action => (action.type === 'spawn' ? action.slot : []))

  it('of those that are missing, the lowest come first', () => {
    expect(slotsOf(buildState({ workers: 3 }, [{ state: 'serving', slot: 1 }]))).toEqual([0, 2])
  })

  it('a slot that nobody has comes before one whose worker is still leaving', () => {
    const leaving = { state: 'draining', slot: 0, drain: { reason, at: now, deadline: now + 1_000 } } as const
    expect(slotsOf(buildState({ workers: 2 }, [leaving]))).toEqual([1, 0])
  })

  it('a successor has the slot of the worker that is to be replaced', () => {
    const retiring = { state: 'serving', retire: reason, slot: 1 } as const
    const state = buildState({ workers: 3 }, [{ state: 'serving' }, retiring, { state: 'serving', slot: 2 }])
    expect(slotsOf(state)).toEqual([1])
  })

  it('each spare has one of its own, after those of the workers', () => {
    const state = buildState({ workers: 1, spares: 2 }, [{ state: 'serving' }])
    expect(slotsOf(state)).toEqual([1, 2])
  })

  it('the first worker of a new generation is in the last one', () => {
    const old = [{ state: 'serving' }, { state: 'serving' }] as const
    expect(slotsOf(rollout(buildState({}, old), 'canary'))).toEqual([1])
  })

  it('the predecessor drains, and no other worker of the old generation', () => {
    const old = [{ state: 'serving' }, { state: 'serving' }] as const
    const state = buildState({}, [...old, { state: 'serving', generation: 2, slot: 1 }])
    expect(words(reconcile(rollout(state, 'rolling'), now))).toContain('drain 2')
    expect(words(reconcile(rollout(state, 'rolling'), now))).not.toContain('drain 1')
  })

  it('a worker in a slot that is no longer there stays until the others are enough', () => {
    const rows = [{ state: 'booting' }, { state: 'serving' }, { state: 'serving' }] as const
    const state = buildState({ workers: 2 }, rows)
    expect(reconcile(state, now)).toEqual([])
  })
})

describe('an exclusive group', () => {
  const retiring = { state: 'serving', retire: reason } as const
  const successor = { state: 'standby', slot: 0 } as const

  it('drains a worker once its successor stands by', () => {
    const booting = buildState({ workers: 1, isExclusive: true }, [retiring, { state: 'booting', slot: 0 }])
    expect(words(reconcile(booting, now))).toEqual([])
    const ready = buildState({ workers: 1, isExclusive: true }, [retiring, successor])
    expect(words(reconcile(ready, now))).toEqual(['drain 1'])
  })

  it.each([
    ['drains', { state: 'draining', drain: { reason, at: now, deadline: now + 1_000 } }],
    ['was killed and has not ended', { state: 'serving', killed: { reason, at: now } }],
    ['is closed and has not ended', { state: 'closed' }],
  ] as const)('does not let the successor serve while the predecessor %s', (_what, predecessor) => {
    const state = buildState({ workers: 1, isExclusive: true }, [predecessor, successor])
    expect(reconcile(state, now)).toEqual([])
  })

  it('lets the successor serve when the predecessor has ended', () => {
    const state = buildState({ workers: 1, isExclusive: true }, [successor])
    expect(words(reconcile(state, now))).toEqual(['promote 1'])
  })
})
