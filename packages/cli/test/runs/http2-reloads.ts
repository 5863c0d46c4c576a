/** Reloads and renewals of the certificate under requests over HTTP/2. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { createAuthority } from '../e2e/support/certificates.js'
import { serve } from '../e2e/support/served.js'
import { askSecurely } from '../e2e/support/tls-client.js'
import { Http2Load } from './http2-load.js'

export interface Http2Reloads {
  readonly reloads: number
  readonly renewals: number
  readonly clients: number
}

/** No request fails. A renewal leaves all connections as they are; a reload moves them to the new workers. */
export async function reloadUnderHttp2({ reloads, renewals, clients }: Http2Reloads): Promise<void> {
  await using directory = await temporaryDirectory()
  const authority = await createAuthority(directory.path)
  const certfile = `${directory.path}/server.pem`
  const texts = [await issue(), await issue()] as const
  // With its key in the same file, a pair is never half there.
  const put = async (index: number): Promise<void> => {
    await writeFile(`${certfile}.next`, texts[index % 2 === 0 ? 0 : 1])
    await rename(`${certfile}.next`, certfile)
  }
  await put(0)
  // Of several workers, one may give connections to others at any time.
  const args = ['-w', '1', '--certfile', certfile, '--http2', 'on', '--certificate-reload', '1']
  await using served = await serve('./secure.js:node', { args })
  const { url } = served
  const ca = await readFile(authority.certfile, 'utf8')
  const serial = async (): Promise<string> => (await askSecurely(url, { ca })).certificate.serialNumber
  const load = new Http2Load(url, ca).start(clients)
  for (let count = 1; count <= renewals; count += 1) {
    await load.next(clients)
    const [sessions, before] = [load.sessions, await serial()]
    await put(count)
    await expect.poll(serial, { timeout: 60_000 }).not.toBe(before)
    await load.next(clients)
    expect(load.sessions).toBe(sessions)
  }
  for (let count = 1; count <= reloads; count += 1) {
    const { sessions } = load
    served.running.signal('SIGHUP')
    await served.running.waitForTimes('Reload done', count, 60_000)
    // Old workers may still be telling their clients.
    await expect
      .poll(() => load.sessions > sessions || load.failures.length > 0, { timeout: 60_000 })
      .toBe(true)
    await load.next(clients)
  }
  await load.stop()
  expect(load.failures).toEqual([])
  // More than the first worker.
  expect(load.pids.size).toBeGreaterThan(1)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
  expect(served.output).not.toMatch(/"level":"(?:warn|error)"/)

  async function issue(): Promise<string> {
    const pair = await authority.issue('localhost', { names: ['localhost', '127.0.0.1'] })
    return (await readFile(pair.certfile, 'utf8')) + (await readFile(pair.keyfile, 'utf8'))
  }
}
