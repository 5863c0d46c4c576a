/** In place of the app at a plain address: the client is to come to the encrypted one. */
import type { IncomingMessage } from 'node:http'
import { answerStatus } from '../server/refuse.js'
import type { NodeApp } from './node-app.js'

/** `port`: of the encrypted address. */
export function redirectApp(port: number): NodeApp {
  return {
    request: (req, res) => {
      const location = locationOf(req, port)
      // HTTP/1.0 may leave the host out.
      if (location === undefined) return answerStatus(res, 400)
      answerStatus(res, 308, { location })
    },
  }
}

/** Undefined: the request names no host. Its target and its host are as the request judge lets them through. */
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
