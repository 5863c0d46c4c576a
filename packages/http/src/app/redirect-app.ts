/** Replaces the app at a plain address: it redirects the client to the encrypted address. */
import type { IncomingMessage } from 'node:http'
import { answerStatus } from '../server/refuse.js'
import type { NodeApp } from './node-app.js'

/** `port`: that of the encrypted address. */
export function redirectApp(port: number): NodeApp {
  return {
    request: (req, res) => {
      const location = locationOf(req, port)
      // An HTTP/1.0 request may have no host.
      if (location === undefined) return answerStatus(res, 400)
      answerStatus(res, 308, { location })
    },
  }
}

/** Undefined: the request names no host. The request judge has already checked its target and its host. */
export function locationOf(
  { url = '/', headers: { host } }: RedirectedRequest,
  port: number,
): string | undefined {
  const absolute = /^[a-z]+:\/\/([^/?#]*)(.*)$/is.exec(url)
  const authority = absolute?.[1] ?? host
  if (authority === undefined) return undefined
  const target = absolute?.[2] ?? (url === '*' ? '' : url)
  const name = authority.replace(/:\d*$/, '')
  return `https://${name}${port === 443 ? '' : `:${port}`}${target.startsWith('/') ? '' : '/'}${target}`
}

type RedirectedRequest = Pick<IncomingMessage, 'url' | 'headers'>
