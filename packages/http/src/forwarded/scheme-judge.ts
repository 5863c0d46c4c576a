/** Finds requests for which the fields name two schemes. Whichever the app used, it might be an attacker's. */
import type { IncomingMessage } from 'node:http'
import type { ForwardedReader } from './forwarded-reader.js'

const schemeFields: readonly string[] = ['x-forwarded-proto', 'x-forwarded-ssl', 'forwarded']

/** Whether the schemes of a request disagree. `undefined` if fewer than two of the listed fields name a scheme. */
export function schemeJudge(reader: ForwardedReader): ((req: IncomingMessage) => boolean) | undefined {
  if (schemeFields.filter(name => reader.listed.has(name)).length < 2) return undefined
  return req => new Set(reader.schemes(req)).size > 1
}
