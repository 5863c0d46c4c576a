import { expect, test } from 'vitest'
import { ExpiryWatch } from '../../../src/arbiter/expiry-watch.js'
import type { Logger } from '../../../src/contract/logger.js'
import type { CertificateFacts } from '../../../src/tls/group-tls.js'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A watch whose hours pass when it is told so. */
function createWatch(certificates: CertificateFacts[]) {
  const said: string[] = []
  const say = (text: string): void => void said.push(text)
  const log: Logger = { debug: say, info: say, warn: say, error: say }
  let time = Date.parse('2030-01-01T00:00:00.000Z')
  let tick: (() => void) | undefined
  const watch = new ExpiryWatch({
    log,
    now: () => time,
    certificates: () => certificates,
    every: (ms, run) => {
      expect(ms).toBe(hourMs)
      tick = run
      return () => {
        tick = undefined
      }
    },
  })
  const pass = (hours: number): void => {
    for (let hour = 0; hour < hours; hour += 1) {
      time += hourMs
      tick?.()
    }
  }
  return { said, watch, pass, expiringIn: (days: number) => time + days * dayMs }
}

test('says it once a day for each certificate, and not again when there are others beside it', () => {
  const certificates: CertificateFacts[] = []
  const { said, watch, pass, expiringIn } = createWatch(certificates)
  certificates.push({ name: 'a.test', file: 'a.crt', expiresAt: expiringIn(16) })
  watch.look()
  pass(47)
  expect(said).toEqual([])
  pass(1)
  expect(said).toHaveLength(1)
  certificates.push({ name: 'b.test', file: 'b.crt', expiresAt: expiringIn(3) })
  watch.look()
  watch.look()
  expect(said).toHaveLength(2)
  pass(24)
  expect(said).toHaveLength(4)
})

test('two groups that present one certificate make one warning', () => {
  const certificates: CertificateFacts[] = []
  const { said, watch, expiringIn } = createWatch(certificates)
  const shared = { name: 'a.test', file: 'a.crt', expiresAt: expiringIn(2) }
  certificates.push(shared, shared)
  watch.look()
  expect(said).toHaveLength(1)
})

test('a renewed certificate is not told of, and a closed watch is silent', () => {
  const certificates: CertificateFacts[] = []
  const { said, watch, pass, expiringIn } = createWatch(certificates)
  certificates.push({ name: 'a.test', file: 'a.crt', expiresAt: expiringIn(2) })
  watch.look()
  certificates[0] = { name: 'a.test', file: 'a.crt', expiresAt: expiringIn(90) }
  pass(48)
  expect(said).toHaveLength(1)
  watch.close()
  certificates[0] = { name: 'a.test', file: 'a.crt', expiresAt: expiringIn(1) }
  pass(48)
  expect(said).toHaveLength(1)
})
