/** Node's own client, on a new connection for each request. */
import { request } from 'node:https'
import type { ConnectionOptions, PeerCertificate } from 'node:tls'
import { TLSSocket } from 'node:tls'

export interface SecureReply {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly text: string
  readonly certificate: PeerCertificate
}

/** Rejects when the handshake or the request fails. */
export function askSecurely(url: string, options: ConnectionOptions = {}): Promise<SecureReply> {
  return new Promise((resolve, reject) => {
    const req = request(url, { agent: false, ...options }, res => {
      const { socket, statusCode = 0, headers } = res
      const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined
      let text = ''
      res.setEncoding('utf8')
      res.on('data', chunk => (text += chunk))
      res.on('error', reject)
      res.on('end', () => {
        if (certificate) resolve({ status: statusCode, headers, text, certificate })
        else reject(new Error('The connection was not encrypted'))
      })
    })
    req.on('error', reject)
    req.end()
  })
}
