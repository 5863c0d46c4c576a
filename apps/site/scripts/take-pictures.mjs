/** Pictures of the built site, to be looked at: wide and narrow, light and dark. Needs Chromium; `CHROMIUM` names it. */
import { createReadStream, existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const site = fileURLToPath(new URL('../dist', import.meta.url))
const output = fileURLToPath(new URL('../../../.cache/site', import.meta.url))
const base = '/tunicorn'
const pages = process.argv.slice(2)
if (pages.length === 0)
  pages.push('', 'what-and-why', 'quick-start', 'worker-classes', 'deploying', 'settings')

const types = new Map([
  ['.html', 'text/html'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.svg', 'image/svg+xml'],
])

/** As GitHub Pages serves it. */
const server = createServer((request, response) => {
  const path = new URL(request.url, 'http://localhost').pathname.slice(base.length)
  const file = [`${site}${path}`, `${site}${path}.html`, `${site}${path}index.html`].find(
    each => extname(each) !== '' && existsSync(each),
  )
  if (file === undefined) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': types.get(extname(file)) ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
}).listen(0, '127.0.0.1')

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  mkdirSync(output, { recursive: true })
  for (const width of [1280, 390])
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
      const page = await context.newPage()
      for (const name of pages) {
        await page.goto(`http://127.0.0.1:${server.address().port}${base}/${name}`, {
          waitUntil: 'networkidle',
        })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        if (wide > 0) console.log(`${name || 'index'} at ${width}: ${wide} pixels too wide`)
        await page.screenshot({ path: `${output}/${name || 'index'}-${width}-${colorScheme}.png` })
      }
      await context.close()
    }
} finally {
  await browser.close()
  server.close()
}
console.log(output)
