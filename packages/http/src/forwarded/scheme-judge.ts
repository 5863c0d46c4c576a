/** Finds requests whose proxies name two schemes: whichever the app took, it may be the one of an attacker. */
import type { IncomingMessage } from 'node:http'
import type { ForwardedReader } from './forwarded-reader.js'

const schemeFields: readonly string[] = ['x-forwarded-proto', 'x-forwarded-ssl', 'forwarded']

/** Whether the schemes of a request disagree; `undefined` where no two of the listed fields name one. */
export function schemeJudge(reader: ForwardedReader): ((req: IncomingMessage) => boolean) | undefined {
  if (schemeFields.filter(name => reader.listed.has(name)).length < 2) return undefined
  return req => new Set(reader.schemes(req)).size > 1
}
