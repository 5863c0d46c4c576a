/** Takes `picture.png` for the README: the page after a mixed load. Needs Chromium; `CHROMIUM` names it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const folder = fileURLToPath(new URL('..', import.meta.url))
const port = process.env.PORT ?? '8017'

const demo = spawn('npx', ['tunicorn'], {
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
try {
  const page = await browser.newPage({
    viewport: { width: 1080, height: 1440 },
    // As wide as a README is shown, and below 200 KB.
    deviceScaleFactor: 0.75,
    colorScheme: 'light',
  })
  await page.goto(`http://127.0.0.1:${port}`)
  await page.getByRole('button', { name: 'Send 20 to isolated' }).click()
  await page.locator('[data-lane=isolated] .outcome', { hasText: 'answers' }).waitFor()
  await page.locator('#mixed').click()
  await page.locator('#mixed-state', { hasText: 'Done' }).waitFor({ timeout: 90_000 })
  // From the workers to the charts.
  const top = (await page.locator('#lanes').boundingBox())?.y ?? 0
  const bottom = (await page.locator('.charts').boundingBox()) ?? { y: 0, height: 0 }
  const clip = { x: 0, y: top - 12, width: 1080, height: bottom.y + bottom.height - top + 36 }
  await page.screenshot({ path: `${folder}/picture.png`, fullPage: true, clip })
} finally {
  await browser.close()
  demo.kill('SIGINT')
  await once(demo, 'close')
}
