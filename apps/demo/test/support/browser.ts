/** A real browser: the distribution's Chromium, or the one that `CHROMIUM` names. */
import { spawnSync } from 'node:child_process'
import { type Browser, chromium, type Page } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome']

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Its path, if there is one. */
export function findBrowser(): string | undefined {
  const given = process.env.CHROMIUM
  if (given !== undefined) return given
  const found = names.map(name => spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim())
  return found.find(path => path !== undefined && path !== '')
}

/** With a fresh profile. */
export function launchBrowser(path: string): Promise<Browser> {
  return chromium.launch({ executablePath: path, headless: true, args: flags })
}

/** What a test waits for at most, unless it says otherwise. */
const patienceMs = 30_000

/** The page of the demo in a tab of its own, once it shows the server. Errors in it are added to `problems`. */
export async function openPage(browser: Browser, url: string, problems: string[] = []): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  page.setDefaultTimeout(patienceMs)
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text()))
      problems.push(message.text())
  })
  await page.goto(url)
  await page.locator('#server-state', { hasText: 'serving' }).waitFor()
  return page
}
