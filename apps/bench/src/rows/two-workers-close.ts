import { type Contender, serverFile, tunicorn } from '../contender.js'
import { findPm2 } from '../pm2.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { findWatt } from '../watt.js'

export const row: Row = {
  name: 'two-workers-close',
  order: 30,
  title: 'Two workers, one connection per request',
  measure: async bench => {
    const peers = [
      (await findPm2(bench.progress)) ?? 'PM2: could not be installed',
      await findWatt(bench.progress),
    ]
    const measurement = await compareThroughput(bench, {
      contenders: [
        cluster('none'),
        tunicorn('node-app.mjs', 2),
        cluster('rr'),
        ...peers.filter(peer => typeof peer !== 'string'),
      ],
      keepAlive: false,
      isPinned: false,
      target: 0.95,
    })
    const missing = peers.filter(peer => typeof peer === 'string')
    return { ...measurement, notes: [...(measurement.notes ?? []), ...missing] }
  },
}

function cluster(policy: 'none' | 'rr'): Contender {
  const name = policy === 'none' ? 'SCHED_NONE' : 'round-robin'
  return { name: `\`node:cluster\` ${name}`, command: [process.execPath, serverFile('cluster.mjs'), policy] }
}
