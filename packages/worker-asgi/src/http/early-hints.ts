/** Sends `103 Early Hints`. */
import type { ServerResponse } from 'node:http'
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError } from '../protocol/errors.js'

/** The values of Link fields. Node checks them when they are written. @throws AsgiProtocolError for anything but an iterable */
export function readHints(links: unknown): string[] {
  if (typeof links !== 'object' || links === null || !(Symbol.iterator in links))
    throw new AsgiProtocolError('`links` to be', ['an iterable of strings'], describeValue(links))
  // Node checks whatever it yields.
  return [...(links as Iterable<string>)]
}

/** @throws AsgiProtocolError for values that are not valid in Link fields */
export function writeHints(res: ServerResponse, link: string[]): void {
  try {
    res.writeEarlyHints({ link })
  } catch {
    throw new AsgiProtocolError('`links` to be', ['values of Link fields'], describeValue(link[0]))
  }
}
