/** The guided minute, as somebody sees it who presses the button, beside what the server has counted. */
import { ControlClient } from '@tunicorn/arbiter/control'
import { expect, test } from 'vitest'
import { findBrowser, launchBrowser, openPage } from '../support/browser.js'
import { Demo } from '../support/demo.js'

const browserPath = findBrowser()

test.skipIf(browserPath === undefined)(
  'the guided minute says of the server what the server counts itself',
  async () => {
    await using demo = await Demo.start()
    const control = new ControlClient(`${demo.directory}/control.sock`)
    const browser = await launchBrowser(browserPath ?? '')
    try {
      const problems: string[] = []
      const page = await openPage(browser, demo.url, problems)
      const text = async (selector: string): Promise<string> =>
        (await page.locator(selector).textContent()) ?? ''
      await page.getByRole('button', { name: 'Show me' }).click()

      // The cell of the blocked worker counts up, and does not say that it does nothing. It is there for two seconds only, so
      // all is read at one moment.
      let seen: readonly string[] | null = null
      const look = async (): Promise<readonly string[] | null> => {
        seen = await page.evaluate<readonly string[] | null>(readBlocked)
        return seen
      }
      await expect.poll(look, { timeout: 120_000, interval: 100 }).not.toBeNull()
      const [cell = '', silence = '', tile = ''] = seen ?? []
      expect(silence).toMatch(/^\d\.\d s$/)
      expect(cell).not.toContain('in flight')
      expect(tile).toMatch(/^silent for \d\.\d s$/)

      await page.locator('#tour[data-state=done], #tour[data-state=problem]').waitFor({ timeout: 180_000 })
      const shown = await text('main')
      expect(await text('#tour-state'), shown).toMatch(/^Done, in \d+ s\.$/)
      // How much quicker is a matter of the machine.
      const promised = ['lost', 'deploy', 'broken', 'blocked', 'killed', 'leak']
      for (const step of promised)
        expect(await text(`.verdict[data-step=${step}] .tile-state`), shown).toBe('shown')
      expect(await text('.verdict[data-step=quick] .figure')).toMatch(/^[\d.]+ × faster$/)
      expect(await text('.verdict[data-step=blocked] .figure')).toBe('compute()')
      // On a machine that is busy there may be no time for the source map.
      expect(await text('#tour-stack')).toMatch(
        /^at compute \((?:src|dist)\/work\/do-work\.[jt]s:\d+:\d+\)$/m,
      )
      expect(demo.process.output).toMatch(/WORKER TIMEOUT/)

      const counted = countersOf(await control.metrics())
      expect(counted('tunicorn_reloads_total', 'result="done"')).toBe(1)
      expect(counted('tunicorn_reloads_total', 'result="failed"')).toBe(1)
      expect(counted('tunicorn_worker_exits_total', 'group="live"', 'reason="timeout"')).toBe(1)
      expect(counted('tunicorn_worker_exits_total', 'group="cpu"', 'reason="signal"')).toBe(1)
      // The request that was sent to block a worker, and no other.
      expect(await text('.verdict[data-step=lost] .figure')).toBe('0')
      expect(await text('.verdict[data-step=lost] .tile-text')).toContain('besides 1 that ended')
      // That one, and the WebSocket of the room, which was in the hands of the same worker.
      const lostWithIt = counted('tunicorn_requests_lost_total', 'group="live"', 'reason="timeout"')
      expect([1, 2]).toContain(lostWithIt)
      expect(counted('tunicorn_requests_lost_total')).toBe(lostWithIt)

      const lost = await text('.verdict[data-step=lost] .tile-text')
      const answered = (name: string): number =>
        Number(new RegExp(`${name} (\\d+)`).exec(lost)?.[1] ?? Number.NaN)
      const served = async (group: string): Promise<number> =>
        countersOf(await control.metrics())('tunicorn_requests_total', `group="${group}"`, 'code="2xx"')
      // A process that ends in good order has told all; one that is killed has not told of its last second.
      await expect.poll(() => served('isolated')).toBe(answered('sync'))
      for (const [group, name] of [
        ['cpu', 'thread-pool'],
        ['live', 'asgi'],
      ] as const) {
        expect(await served(group)).toBeGreaterThan(0)
        expect(await served(group)).toBeLessThanOrEqual(answered(name))
      }
      expect(problems).toEqual([])
    } finally {
      await browser.close()
    }
  },
  240_000,
)

/** In the page: texts of the cell and of the tile, while both are there. */
const readBlocked = `(() => {
  const cell = document.querySelector('.lane[data-lane=live] .worker[data-state=blocked]')
  const tile = document.querySelector('.verdict.alarm .figure')
  return cell && tile && [cell.textContent, cell.querySelector('.use').textContent, tile.textContent]
})()`

/** The sum of the lines of a metric with these labels. */
function countersOf(metrics: string): (name: string, ...labels: readonly string[]) => number {
  const lines = metrics.split('\n')
  return (name, ...labels) =>
    lines
      .filter(line => line.startsWith(`${name}{`) && labels.every(label => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}
