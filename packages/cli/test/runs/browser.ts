/** A page that Chromium gets over TLS from an app of kind `node`. */
import { createHash, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { startProcess, startTunicorn, temporaryDirectory } from '@tunicorn/harness'
import { createAuthority } from '../e2e/support/certificates.js'
import { apps, whenServing } from '../e2e/support/served.js'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Resolves with the page, which says by which version of HTTP it came. */
export async function askWithBrowser(http2: 'on' | 'off'): Promise<string> {
  await using directory = await temporaryDirectory()
  const { certfile, keyfile } = await (await createAuthority(directory.path)).issue('localhost', {
    names: ['localhost', '127.0.0.1'],
  })
  await writeFile(
    `${directory.path}/app.mjs`,
    "export default (req, res) => res.setHeader('content-type', 'text/html').end('<p>HTTP/' + req.httpVersion + '</p>')",
  )
  const tls = ['--certfile', certfile, '--keyfile', keyfile, '--http2', http2]
  const args = [`${directory.path}/app.mjs`, '-k', 'event-loop', '-b', 'https://127.0.0.1:0', ...tls]
  await using served = await whenServing(await startTunicorn({ args, cwd: apps }))
  const trust = `--ignore-certificate-errors-spki-list=${await keyHash(certfile)}`
  const profile = `--user-data-dir=${directory.path}/profile`
  await using browser = await startProcess('chromium', [...flags, profile, trust, '--dump-dom', served.url])
  await browser.exited
  return browser.output
}

/** What Chromium knows a certificate by that no authority of its own has signed. */
async function keyHash(certfile: string): Promise<string> {
  const { publicKey } = new X509Certificate(await readFile(certfile))
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}
