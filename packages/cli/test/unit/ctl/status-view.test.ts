import type { AutoscaleStatus } from '@tunicorn/arbiter/control'
import { describe, expect, it } from 'vitest'
import { statusView } from '../../../src/ctl/status-view.js'
import type { Paints } from '../../../src/ctl/view.js'
import { ago, now, plain, status } from '../statuses.js'

const marked: Paints = { ...plain, red: text => `<red>${text}</red>` }

describe('the status on a terminal', () => {
  it('shows all of it where there is room', () => {
    expect(statusView(status, { now, width: 140, paint: plain })).toMatchInlineSnapshot(`
      "tunicorn 1.2.3  pid 4000  serving  generation 1  up 1 d 1 h  arbiter 58 MiB
      last reload FAILED 3 m 20 s ago: it broke

      web  2/3 serving  event-loop  ./web.js  http://127.0.0.1:8000
        WORKER   PID  GEN  STATE                     UP  IN FLIGHT  REQUESTS  CONN  MEMORY  LOOP  DELAY  LONGEST REQUEST
             1  4001    0  serving              2 h 5 m          2       120     5  55 MiB   7 %  12 ms  12 s  GET /a�[31m/slow
             2  4002    0  serving, silent 8 s  2 h 5 m          0       120     0  55 MiB   7 %  12 ms
             3  4003    0  draining (reload)    2 h 5 m          0       120     0  55 MiB   7 %  12 ms
        last exits
          1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter did not send
          1 m 0 s ago  worker 8 (pid 3008) exited with code 0 (40 requests); and 1 before it: max-requests

      api  0/1 serving  sync  ./api.js
        no workers
      "
    `)
  })

  it('shows less of each worker on a narrow terminal, and no line is longer', () => {
    const text = statusView(status, { now, width: 80, paint: plain })
    expect(text).toMatchInlineSnapshot(`
      "tunicorn 1.2.3  pid 4000  serving  generation 1  up 1 d 1 h  arbiter 58 MiB
      last reload FAILED 3 m 20 s ago: it broke

      web  2/3 serving  event-loop  ./web.js  http://127.0.0.1:8000
        WORKER   PID  GEN  STATE                     UP  IN FLIGHT  MEMORY  LOOP
             1  4001    0  serving              2 h 5 m          2  55 MiB   7 %
                12 s  GET /a�[31m/slow
             2  4002    0  serving, silent 8 s  2 h 5 m          0  55 MiB   7 %
             3  4003    0  draining (reload)    2 h 5 m          0  55 MiB   7 %
        last exits
          1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter di…
          1 m 0 s ago  worker 8 (pid 3008) exited with code 0 (40 requests); and 1 be…

      api  0/1 serving  sync  ./api.js
        no workers
      "
    `)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('paints red what somebody should look at', () => {
    const text = statusView(status, { now, width: 140, paint: marked })
    expect([...text.matchAll(/<red>(.*?)<\/red>/g)].map(match => match[1]?.trim())).toEqual([
      'last reload FAILED 3 m 20 s ago: it broke',
      '2/3 serving',
      'serving, silent 8 s',
      '1 m 0 s ago  worker 9 (pid 3009) was ended by SIGKILL, which the arbiter did not send',
      '0/1 serving',
    ])
  })

  const autoscale: AutoscaleStatus = {
    min: 1,
    max: 4,
    isOn: true,
    load: 2.4,
    changedAt: ago(75),
    reason: { kind: 'load', text: '2 workers are 93 % busy' },
    isShortOfMemory: false,
  }

  /** The line of a group about why it has so many workers. */
  function scalingOf(changes: Partial<AutoscaleStatus>): string | undefined {
    const [group] = status.groups
    if (!group) throw new Error('there is no group')
    const groups = [{ ...group, autoscale: { ...autoscale, ...changes } }]
    return statusView({ ...status, groups }, { now, width: 140, paint: marked }).split('\n')[4]
  }

  it('says why there are so many workers, where their load decides', () => {
    expect(scalingOf({})).toBe('  autoscale  1 to 4  load 2.4  since 1 m 15 s: 2 workers are 93 % busy')
    expect(scalingOf({ isShortOfMemory: true })).toBe(
      '<red>  autoscale  1 to 4  load 2.4  since 1 m 15 s: 2 workers are 93 % busy; no room for more in maxRssTotal</red>',
    )
    const reason = { kind: 'hand', text: 'scaled by hand' }
    expect(scalingOf({ isOn: false, reason })).toBe(
      '  autoscale  1 to 4  off until the next reload: scaled by hand',
    )
  })
})
