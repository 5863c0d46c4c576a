import { type Contender, tunicorn } from '../contender.js'
import { freePort } from '../free-port.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

const scrapeMs = 1_000

export const row: Row = {
  name: 'metrics-scraped',
  order: 14,
  title: 'One worker, hello, keep-alive: `/metrics` scraped every second, against no metrics address',
  measure: async bench => {
    const [adminPort, port] = [await freePort(), await freePort()]
    const admin = `127.0.0.1:${adminPort}`
    const address = `127.0.0.1:${port}`
    return compareThroughput(bench, {
      contenders: [{ ...tunicorn('node-app.mjs', 1), name: 'Tunicorn' }, scraped(address, admin)],
      keepAlive: true,
      isPinned: true,
      target: 0.97,
      load: async (url, seconds) => {
        const load = bench.loadTool.run({ url, seconds, keepAlive: true, isPinned: true })
        // The other server is measured while nobody scrapes, because both share a core.
        return url.endsWith(address) ? whileScraped(admin, load) : load
      },
    })
  },
}

function scraped(address: string, admin: string): Contender {
  const { command, ...rest } = tunicorn('node-app.mjs', 1, address)
  return { ...rest, name: 'Tunicorn, scraped', command: [...command, '--admin', admin] }
}

/** @throws Error when a scrape failed, or took longer than the interval */
async function whileScraped(admin: string, load: Promise<number>): Promise<number> {
  let failure: unknown
  const timer = setInterval(() => {
    scrape(admin).catch(error => {
      failure ??= error
    })
  }, scrapeMs)
  const rate = await load.finally(() => clearInterval(timer))
  if (failure !== undefined) throw failure
  return rate
}

async function scrape(admin: string): Promise<void> {
  const response = await fetch(`http://${admin}/metrics`, { signal: AbortSignal.timeout(scrapeMs) })
  const text = await response.text()
  if (response.status !== 200 || !text.includes('tunicorn_requests_total'))
    throw new Error(`The scrape of ${admin} failed with ${response.status}`)
}
