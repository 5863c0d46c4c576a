/** Reloads and renewals of the certificate under requests over HTTP/2. */
import { temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { serve } from '../e2e/support/served.js'
import { Http2Load } from './http2-load.js'
import { RenewedCertificate } from './renewed-certificate.js'

export interface Http2Reloads {
  readonly reloads: number
  readonly renewals: number
  readonly clients: number
}

/** No request fails. A renewal leaves all connections as they are; a reload moves them to the new workers. */
export async function reloadUnderHttp2({ reloads, renewals, clients }: Http2Reloads): Promise<void> {
  await using directory = await temporaryDirectory()
  const certificate = await RenewedCertificate.create(directory.path)
  const { ca, certfile } = certificate
  // Of several workers, one may give connections to others at any time.
  const args = ['-w', '1', '--certfile', certfile, '--http2', 'on', '--certificate-reload', '0.2']
  await using served = await serve('./secure.js:node', { args })
  const { url } = served
  const load = new Http2Load(url, ca).start(clients)
  for (let count = 1; count <= renewals; count += 1) {
    await load.next(clients)
    const [sessions, before] = [load.sessions, await certificate.serialAt(url)]
    await certificate.renew()
    await expect.poll(() => certificate.serialAt(url), { timeout: 60_000 }).not.toBe(before)
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
  console.log(
    `${load.answers} requests over HTTP/2, ${reloads} reloads, ${renewals} renewals, ${load.failures.length} failed`,
  )
}
