/** Writes `src/page/recorded-run.json`: what the page shows before anything has happened. Build the page again after it. */
import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { folder, openDemo, showMe } from './open-demo.mjs'

/** Of the samples that a chart gets, this share is enough. */
const everySample = 2

/** What else the machine had to do, before this. */
const [load = 0] = loadavg()

const { page, close } = await openDemo({ viewport: { width: 1280, height: 900 } })
try {
  await showMe(page)
  const text = selector => page.locator(selector).textContent()
  const steps = await page.locator('.verdict').evaluateAll(tiles => tiles.map(tile => tile.dataset.step))
  const verdicts = {}
  for (const step of steps)
    verdicts[step] = {
      figure: await text(`[data-step=${step}] .figure`),
      text: await text(`[data-step=${step}] .tile-text`),
    }
  const journal = await page.locator('#journal li').evaluateAll(lines =>
    lines.map(line => ({
      level: line.className,
      text: line.lastChild.textContent.trim(),
    })),
  )
  const stack = (await text('#tour-stack')).split('\n')
  const answer = await page.evaluate(mixedLoad)
  const progress = answer
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const mixed = progress.filter(({ type }, index) =>
    type === 'sample' ? index % everySample === 0 : type === 'summary',
  )
  const [{ model }, ...others] = cpus()
  const note = `Recorded on ${new Date().toISOString().slice(0, 10)}, ${others.length + 1} × ${model} (load average ${load.toFixed(0)} before it), Node.js ${process.version}. The button does it here and now.`
  await writeFile(
    `${folder}/src/page/recorded-run.json`,
    `${JSON.stringify({ note, verdicts, stack, journal, mixed }, undefined, 1)}\n`,
  )
} finally {
  await close()
}

/** In the page: what its button does. */
async function mixedLoad() {
  const token = document.querySelector('meta[name=demo-token]').content
  const headers = { 'content-type': 'application/json', 'x-demo-token': token }
  const body = JSON.stringify({ type: 'mixed', seconds: 6 })
  return (await fetch('/api/runs', { method: 'POST', headers, body })).text()
}
