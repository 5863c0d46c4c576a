/** The access log as JSON: one object a line. What is not known is left out. */
import { type AccessEntry, type AccessWorker, statusOf, userOf } from './access-entry.js'

/** Makes the lines of one worker. */
export function jsonLine(worker: AccessWorker): (entry: AccessEntry) => string {
  const { group, age, generation, pid } = worker
  return ({ head, outcome, durationMs, at }) =>
    escapeJson({
      time: new Date(at).toISOString(),
      group,
      worker: age,
      gen: generation,
      pid,
      remoteAddress: head.remoteAddress,
      user: userOf(head),
      method: head.method,
      target: head.target,
      protocol: head.protocol,
      status: statusOf(outcome),
      outcome: outcome.type,
      bytes: outcome.bytes,
      ms: Math.round(durationMs * 1_000) / 1_000,
      referer: head.header?.('referer'),
      userAgent: head.header?.('user-agent'),
    })
}

/** What JSON leaves alone and some readers take for the end of a line or for an order to their terminal. */
const loose = /[\x7f-\x9f\u2028\u2029]/gu

function escapeJson(value: unknown): string {
  return JSON.stringify(value).replace(
    loose,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
