import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { serverFile } from '../contender.js'
import { measureGrowth } from '../growth.js'
import { withIdleServer } from '../idle-server.js'
import type { Row } from '../row.js'

export const row: Row = {
  name: 'growth-groups',
  order: 202,
  title: 'What an idle server costs, with 1 to 200 groups of one worker each',
  measure: bench =>
    measureGrowth(bench, {
      unit: 'groups',
      sizes: [1, 10, 50, 200],
      withServer: async (groups, observe) => {
        await using directory = await temporaryDirectory()
        const file = join(directory.path, 'tunicorn.config.mjs')
        await writeFile(file, `export default ${JSON.stringify(configOf(groups))}\n`)
        return await withIdleServer(['--config', file], observe)
      },
    }),
}

function configOf(groups: number): object {
  const group = {
    app: serverFile('node-app.mjs'),
    workerClass: 'event-loop',
    workers: 1,
    bind: '127.0.0.1:0',
  }
  return { groups: Object.fromEntries(Array.from({ length: groups }, (_, index) => [`app-${index}`, group])) }
}
