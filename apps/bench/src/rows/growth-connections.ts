import { startProcess } from '@tunicorn/harness'
import { serverFile } from '../contender.js'
import { measureGrowth } from '../growth.js'
import { withIdleServer } from '../idle-server.js'
import { clientFile } from '../load-tool.js'
import type { Row } from '../row.js'

const workers = 4
/** Each has an address of its own, with ports for its connections, and descriptors of its own. */
const clients = 4
const openMs = 300_000

export const row: Row = {
  name: 'growth-connections',
  order: 201,
  title: `What an idle server of ${workers} workers costs, with 1 to 50,000 idle connections`,
  measure: bench =>
    measureGrowth(bench, {
      unit: 'connections',
      sizes: [1, 100, 1_000, 10_000, 50_000],
      withServer: (connections, observe) =>
        withIdleServer(
          [
            ...[serverFile('node-app.mjs'), '-k', 'event-loop', '-w', String(workers), '-b', '127.0.0.1:0'],
            ...['--keep-alive', '3600', '--worker-connections', '16000'],
          ],
          server => whileConnected(server.url, sharesOf(connections), () => observe(server)),
        ),
    }),
}

/** Starts one client after the other, each with its number of connections. */
async function whileConnected<T>(
  url: string,
  [count, ...others]: readonly number[],
  act: () => Promise<T>,
): Promise<T> {
  if (count === undefined) return await act()
  const address = `127.0.0.${others.length + 2}`
  const args = [clientFile('idle-connections.mjs'), url, String(count), address]
  await using client = await startProcess(process.execPath, args)
  await client.waitForOutput(/open/, openMs)
  const result = await whileConnected(url, others, act)
  if (client.output !== 'open\n') throw new Error(`A client lost a connection:\n${client.output}`)
  return result
}

function sharesOf(connections: number): readonly number[] {
  if (connections < clients) return [connections]
  return Array.from({ length: clients }, () => connections / clients)
}
