import { describe, expect, it } from 'vitest'
import { firstState, sampled, type TopState } from '../../../src/top/top-state.js'
import { type Screen, topView } from '../../../src/top/top-view.js'
import { now, plain, status } from '../statuses.js'

/** Two seconds apart, with 100 requests between them. */

const after = [0, 2_000].reduce<TopState>((state, at) => {
  const durations = { bounds: [0.005, 0.25], counts: [at / 20 - (at === 0 ? 0 : 2), at === 0 ? 0 : 2, 0] }
  const groups = status.groups.map(group => ({
    ...group,
    durations,
    workers: group.workers.map(worker => ({ ...worker, requests: worker.requests + at / 40 })),
  }))
  return sampled(state, { at, status: { ...status, groups } })
}, firstState)

const screen: Screen = { now, width: 120, height: 30, paint: plain }
const shown = (state: TopState, changes: Partial<Screen> = {}): string =>
  topView(state, { ...screen, ...changes }).join('\n')

describe('the screen of `tunicorn top`', () => {
  it('shows groups with their traffic, and workers with all that is known, in 120 columns', () => {
    expect(shown(after)).toMatchInlineSnapshot(`
      "tunicorn 1.2.3  pid 4000  serving  generation 1  up 1 d 1 h  arbiter 58 MiB
      last reload FAILED 3 m 20 s ago: it broke

      web  2/3 serving  50/s  p50 ≤ 5 ms  p99 ≤ 250 ms  event-loop  ./web.js  http://127.0.0.1:8000
        WORKER  SLOT   PID  GEN  STATE                     UP  IN FLIGHT  REQ/S  REQUESTS  CONN  MEMORY  LOOP  DELAY
      >      1     0  4001    0  serving              2 h 5 m          2     25       170     5  55 MiB   7 %  12 ms
                12 s  GET /a�[31m/slow
             2     0  4002    0  serving, silent 8 s  2 h 5 m          0     25       170     0  55 MiB   7 %  12 ms
             3     0  4003    0  draining (reload)    2 h 5 m          0     25       170     0  55 MiB   7 %  12 ms
        last exits
          1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter did not send
          1 m 0 s ago  worker 8 (pid 3008) exited with code 0 (40 requests); and 1 before it: max-requests

      api  0/1 serving  50/s  p50 ≤ 5 ms  p99 ≤ 250 ms  sync  ./api.js
        no workers

      q quit  r reload  up/down worker  s stack, p profile of 1  +/- scale web"
    `)
  })

  it('shows the same in 80 columns, with less of each worker', () => {
    expect(shown(after, { width: 80 })).toMatchInlineSnapshot(`
      "tunicorn 1.2.3  pid 4000  serving  generation 1  up 1 d 1 h  arbiter 58 MiB
      last reload FAILED 3 m 20 s ago: it broke

      web  2/3 serving  50/s  p50 ≤ 5 ms  p99 ≤ 250 ms  event-loop  ./web.js  http://1
        WORKER  SLOT   PID  STATE                IN FLIGHT  REQ/S  MEMORY  LOOP
      >      1     0  4001  serving                      2     25  55 MiB   7 %
                12 s  GET /a�[31m/slow
             2     0  4002  serving, silent 8 s          0     25  55 MiB   7 %
             3     0  4003  draining (reload)            0     25  55 MiB   7 %
        last exits
          1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter di…
          1 m 0 s ago  worker 8 (pid 3008) exited with code 0 (40 requests); and 1 be…

      api  0/1 serving  50/s  p50 ≤ 5 ms  p99 ≤ 250 ms  sync  ./api.js
        no workers

      q quit  r reload  up/down worker  s stack, p profile of 1  +/- scale web"
    `)
  })

  it('is never wider or higher than the terminal, and keeps the worker that is selected and the keys', () => {
    const last: TopState = { ...after, selected: { age: 3, group: 'web', slot: 0 } }
    for (const width of [20, 80, 120, 200])
      for (const height of [1, 3, 8, 12, 40]) {
        const lines = topView(last, { ...screen, width, height })
        expect(lines.length).toBeLessThanOrEqual(height)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
        expect(lines.at(-1)).toMatch(/^q quit/)
        if (height > 2) expect(lines.join('\n')).toMatch(/^> +3 /m)
      }
  })

  it('counts the columns that a wide character takes, and no colours', () => {
    const red = (text: string): string => `\u001b[31m${text}\u001b[39m`
    const note = { mood: 'bad', text: '錯誤'.repeat(30) } as const
    const lines = topView({ ...after, note }, { ...screen, width: 80, paint: { ...plain, red } })
    expect(lines.at(-2)).toBe(red('錯誤'.repeat(20)))
  })

  it('says what came of an order, asks before a reload, and says that there is no answer', () => {
    const note = { mood: 'plain', text: 'Reload done' } as const
    expect(shown({ ...after, note })).toMatch(/\nReload done\nq quit {2}r reload/)
    expect(shown({ ...after, isReloadAsked: true })).toMatch(/\nReload: .* every worker\? y\/n$/)
    expect(shown({ ...after, note, isUnanswered: true })).toMatch(/\nThe server does not answer: .*\nq quit/)
    expect(shown(firstState)).toMatch(/^Waiting for the server…\n/)
  })

  it('shows a page in the place of the workers', () => {
    const page = ['worker 1 (pid 4001) runs JavaScript:', '  at slow (app.js:3:7)']
    expect(shown({ ...after, page })).toBe([...page, '', 'q quit  any other key: back'].join('\n'))
  })
})
