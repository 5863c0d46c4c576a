import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Contender, tunicorn } from '../contender.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'access-log',
  order: 15,
  title: 'One worker, hello, keep-alive: an access log in the default format, against none',
  measure: async bench => {
    const file = join(tmpdir(), `tunicorn-bench-${process.pid}.access.log`)
    try {
      return await compareThroughput(bench, {
        contenders: [{ ...tunicorn('node-app.mjs', 1), name: 'Tunicorn' }, logging(file)],
        keepAlive: true,
        isPinned: true,
        target: 0.95,
      })
    } finally {
      await rm(file, { force: true })
    }
  },
}

function logging(file: string): Contender {
  const { command, ...rest } = tunicorn('node-app.mjs', 1)
  return { ...rest, name: 'Tunicorn, access log', command: [...command, '--access-logfile', file] }
}
