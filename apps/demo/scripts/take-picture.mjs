/** Takes `picture.png` for the READMEs: the page after its guided minute. */
import { folder, openDemo, showMe } from './open-demo.mjs'

const width = 1120
/** From the title down to the workers, without what can be done to them. */
const shownOfLanes = 515

// As wide as a README is shown, and below 200 KB.
const { page, close } = await openDemo({ viewport: { width, height: 1440 }, deviceScaleFactor: 0.75 })
try {
  await showMe(page)
  const lanes = await page.locator('#lanes').boundingBox()
  const height = Math.ceil(lanes?.y ?? 0) + shownOfLanes
  await page.screenshot({
    path: `${folder}/picture.png`,
    fullPage: true,
    clip: { x: 0, y: 0, width, height },
  })
} finally {
  await close()
}
