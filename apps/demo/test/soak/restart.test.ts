/** What somebody sees who leaves the page open while the server is started again. */
import { expect, test } from 'vitest'
import { findBrowser, launchBrowser, openPage } from '../support/browser.js'
import { Demo } from '../support/demo.js'

const browserPath = findBrowser()

test.skipIf(browserPath === undefined)(
  'a page that was open before a restart shows the new server, and its buttons work there',
  async () => {
    const browser = await launchBrowser(browserPath ?? '')
    try {
      const before = await Demo.start()
      const page = await openPage(browser, before.url)
      await before[Symbol.asyncDispose]()
      await using after = await Demo.start({ PORT: new URL(before.url).port })
      expect(after.token).not.toBe(before.token)
      const pid = String(
        (await after.waitForStatus(({ arbiter }) => arbiter.state === 'serving')).arbiter.pid,
      )
      await page.locator('#server-pid', { hasText: pid }).waitFor()
      await page.getByRole('button', { name: 'Send 20 to web' }).click()
      await page.locator('.lane[data-lane=web] .outcome', { hasText: /^20 answers .* 0 failed$/ }).waitFor()
    } finally {
      await browser.close()
    }
  },
  120_000,
)
