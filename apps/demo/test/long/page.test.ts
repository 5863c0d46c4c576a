import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findBrowser, launchBrowser, openPage } from '../support/browser.js'
import { Demo } from '../support/demo.js'

const browserPath = findBrowser()

test('there is a browser to test with, where tests are not optional', () => {
  if (browserPath === undefined) console.warn('No Chromium was found: the tests of the page are skipped')
  if (process.env.CI) expect(browserPath, 'install chromium, or set CHROMIUM to its path').toBeDefined()
})

describe.skipIf(browserPath === undefined)('the page', () => {
  let demo: Demo
  let browser: Browser
  let page: Page
  const problems: string[] = []
  const lostFigure = '.verdict[data-step=lost] .figure'

  const textOf = async (selector: string): Promise<string> =>
    (await page.locator(selector).textContent()) ?? ''
  const waitForText = (selector: string, hasText: string | RegExp): Promise<void> =>
    page.locator(selector, { hasText }).first().waitFor()

  beforeAll(async () => {
    demo = await Demo.start()
    browser = await launchBrowser(browserPath ?? '')
    page = await openPage(browser, demo.url, problems)
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.[Symbol.asyncDispose]()
  })

  test('shows a lane for each worker class, with its workers', async () => {
    expect(await page.locator('.lane h3').allTextContents()).toEqual([
      'sync',
      'event-loop',
      'thread-pool',
      'asgi',
    ])
    for (const lane of ['isolated', 'web', 'cpu', 'live'])
      await page.locator(`.lane[data-lane=${lane}] .worker[data-state=serving]`).first().waitFor()
    expect(await page.locator('.lane[data-lane=web] .worker[data-state=serving]').count()).toBe(2)
  })

  test('opens with a recorded run, which says that it is one', async () => {
    const other = await openPage(browser, demo.url, problems)
    expect(await other.locator('.verdict .tile-state').allTextContents()).toEqual(Array(7).fill('recorded'))
    for (const figure of await other.locator('.verdict .figure').allTextContents())
      expect(figure).toMatch(/^(?!…)./)
    expect(await other.locator('#tour-note').textContent()).toMatch(/^Recorded on \d{4}-/)
    expect(await other.locator('#tour-stack').textContent()).toMatch(
      /at compute \((?:src|dist)\/work\/do-work\.[jt]s:\d+/,
    )
    expect(await other.locator('#results td').allTextContents()).not.toContain('–')
    expect(await other.locator('#journal time').first().textContent()).toBe('recorded')
    await other.close()
  })

  test('shows as many new pids as requests of a burst to `isolated`', async () => {
    const lane = page.locator('.lane[data-lane=isolated]')
    await lane.getByRole('button', { name: 'Send 20 to isolated' }).click()
    await lane.locator('.outcome', { hasText: '20 answers from 20 processes' }).waitFor()
    await lane.locator('.gone', { hasText: /( \d+){20}$/ }).waitFor()
    const gone = ((await lane.locator('.gone').textContent()) ?? '').match(/\d+/g)
    expect(new Set(gone).size).toBe(20)
    expect(await textOf(lostFigure)).toBe('0')
  })

  test('compares the classes under the same load, and the fast route stalls where it is said to', async () => {
    const p99 = async (lane: string): Promise<number> =>
      Number.parseFloat((await textOf(`#results tr[data-lane=${lane}] td:nth-child(3)`)) || 'NaN')
    const isAhead = async (): Promise<boolean> => {
      await page.locator('#mixed').click()
      await page.locator('#mixed-state').filter({ hasNotText: 'Done' }).waitFor()
      await page.locator('#mixed-state', { hasText: 'Done' }).waitFor({ timeout: 90_000 })
      return (await p99('cpu')) < Math.min(await p99('web'), await p99('live'))
    }
    // A machine that is busy otherwise holds up every class. One that stalled its fast route would never be ahead.
    expect((await isAhead()) || (await isAhead()) || (await isAhead())).toBe(true)
    for (const lane of ['isolated', 'web', 'cpu', 'live'])
      expect(await textOf(`#results tr[data-lane=${lane}] td:nth-child(6)`)).toBe('0')
    expect(await isPainted('#latency canvas')).toBe(true)
    expect(await isPainted('#throughput canvas')).toBe(true)
  }, 300_000)

  test('stops a run', async () => {
    await page.locator('#steady').click()
    await page.locator('#steady-stop').click()
    await waitForText('#steady-state', 'Stopped.')
    expect(await page.locator('#steady').isEnabled()).toBe(true)
  })

  test('says that broken code was not taken, and nothing fails', async () => {
    await page.locator('#steady').click()
    await page.locator('#deploy-broken').click()
    await waitForText('#deploy-state', 'does not boot')
    await waitForText('#journal .bad', /Reload failed.*is broken/)
    await page.locator('#deploy-good').click()
    await waitForText('#deploy-state', 'It serves')
    await waitForText('#steady-state', /^(?!Requests)./)
    expect(await textOf('#steady-state'), await textOf('#journal')).toMatch(/^\d+ answers, 0 failed\.$/)
    expect(await textOf(lostFigure)).toBe('0')
  })

  test('says what came of a deploy also when the answer to the order comes after it', async () => {
    const result = page.locator('#deploy-state', { hasText: 'does not boot' })
    await page.route('**/api/deploy', async route => {
      const response = await route.fetch()
      await result.waitFor()
      await route.fulfill({ response })
    })
    await page.locator('#deploy-broken').click()
    await result.waitFor()
    await page.locator('#deploy-broken:enabled').waitFor()
    expect(await textOf('#deploy-state')).toMatch(/does not boot/)
    await page.unroute('**/api/deploy')
  })

  test('carries a message from one tab to another', async () => {
    const other = await openPage(browser, demo.url, problems)
    for (const tab of [page, other]) await tab.locator('#room-state', { hasText: '2 people' }).waitFor()
    await page.getByLabel('Message', { exact: true }).fill('Good morning')
    await page.getByRole('button', { name: 'Say' }).click()
    for (const tab of [page, other]) await tab.locator('#messages li', { hasText: 'Good morning' }).waitFor()
    await other.close()
  })

  test('shows a killed worker, and the one that follows', async () => {
    const cell = page.locator('.lane[data-lane=live] .worker[data-state=serving]')
    const pid = (await cell.locator('.pid').textContent()) ?? ''
    await page.getByRole('button', { name: `Kill worker ${pid}` }).click()
    await waitForText('#journal .warn', `Worker ${pid} of live has ended`)
    await page.locator('.lane[data-lane=live] .worker[data-state=serving]').waitFor()
    // The room is another one, and the page goes there by itself.
    await waitForText('#room-state', '1 person')
  })

  test('draws a picture in threads', async () => {
    await page.getByRole('button', { name: 'Draw' }).click()
    await waitForText('#picture-state', /by [2-4] threads/)
    expect(await page.locator('.tile img').count()).toBe(16)
  })

  test('fits a phone without a column that is cut off, and every control has a name', async () => {
    for (const width of [390, 360]) {
      await page.setViewportSize({ width, height: 740 })
      const cut = await page.evaluate(
        `[document.documentElement, ...document.querySelectorAll('.scroll, table, pre')].filter(
          box => box.scrollWidth > box.clientWidth).map(box => box.outerHTML.slice(0, 80))`,
      )
      expect(cut).toEqual([])
    }
    const nameless = await page.evaluate(
      `[...document.querySelectorAll('button, select, input')].filter(control =>
        !control.ariaLabel && !control.textContent.trim() && !control.labels?.length).length`,
    )
    expect(nameless).toBe(0)
  })

  test('has logged no error', () => {
    expect(problems).toEqual([])
  })

  /** Axes are grey: what has a colour is a line. */
  const isPainted = async (selector: string): Promise<boolean> => {
    const coloured = await page.evaluate(`(() => {
      const context = document.querySelector('${selector}').getContext('2d')
      const { data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height)
      let coloured = 0
      for (let at = 0; at < data.length; at += 4) {
        const channels = [data[at], data[at + 1], data[at + 2]]
        if (data[at + 3] > 0 && Math.max(...channels) - Math.min(...channels) > 80) coloured += 1
      }
      return coloured
    })()`)
    return Number(coloured) > 200
  }
})
