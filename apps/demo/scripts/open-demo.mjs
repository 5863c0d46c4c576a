/** The demo, started, with its page open in a browser. Needs Chromium; `CHROMIUM` names it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

export const folder = fileURLToPath(new URL('..', import.meta.url))

const command = fileURLToPath(new URL('../../../packages/cli/bin/tunicorn.js', import.meta.url))

const port = process.env.PORT ?? '8017'

/** `close` ends both. */
export async function openDemo(viewport) {
  // Not by `npx`, which keeps the signal that ends it to itself.
  const demo = spawn(process.execPath, [command], {
    cwd: folder,
    env: { ...process.env, PORT: port },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // What it says when it is ready.
  await once(demo.stdout, 'data')
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const page = await browser.newPage({ colorScheme: 'light', ...viewport })
  await page.goto(`http://127.0.0.1:${port}`)
  await page.locator('#server-state', { hasText: 'serving' }).waitFor()
  return {
    page,
    async close() {
      await browser.close()
      demo.kill('SIGINT')
      await once(demo, 'close')
    },
  }
}

/** Until the guided minute is over. */
export async function showMe(page) {
  await page.locator('#show-me').click()
  await page.locator('#tour[data-state=done]').waitFor({ timeout: 180_000 })
}
