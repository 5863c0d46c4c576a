/** A real browser: the distribution's Chromium, or the one that `CHROMIUM` names. */
import { spawnSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'

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
