import { ControlClient } from '@tunicorn/arbiter/control'
import { serverFile } from '../contender.js'
import { withIdleServer } from '../idle-server.js'
import { median } from '../median.js'
import type { Row } from '../row.js'

const workers = 24
const targetSeconds = 10

export const row: Row = {
  name: 'reload-workers',
  order: 62,
  title: `Reload of ${workers} workers, with the 5 s for which the first one serves alone`,
  measure: async ({ rounds, progress }) => {
    const args = [serverFile('node-app.mjs'), '-k', 'event-loop', '-w', String(workers), '-b', '127.0.0.1:0']
    const times = await withIdleServer(args, async ({ control }) => {
      const client = new ControlClient(control)
      const seconds: number[] = []
      for (let round = 1; round <= rounds; round++) {
        const startedAt = performance.now()
        await client.reload({ wait: true })
        seconds.push((performance.now() - startedAt) / 1000)
        progress(`round ${round}/${rounds}: ${seconds.at(-1)?.toFixed(1)} s`)
      }
      return seconds
    })
    const result = `${median(times).toFixed(1)} s (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)})`
    return {
      baseline: 'none',
      tunicorn: result,
      result,
      target: `≤ ${targetSeconds} s`,
      isReached: median(times) <= targetSeconds,
    }
  },
}
