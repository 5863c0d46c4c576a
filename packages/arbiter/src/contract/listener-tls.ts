/** What a worker class needs to speak TLS at a listener. The arbiter reads it, so that workers need no permission to read the files. */

/** A certificate with its private key, as PEM. */
export interface TlsCertificate {
  /** The certificate, followed by the intermediate ones. */
  readonly cert: string
  readonly key: string
  /** Host names that it covers, in lower case; `*.example.org` covers all one level below. Clients ask for one of them (SNI). */
  readonly names: readonly string[]
}

/** How connections at a listener are encrypted. */
export interface ListenerTls {
  /** The first one is for clients that ask for no name, or for one that none of the certificates has. */
  readonly certificates: readonly [TlsCertificate, ...TlsCertificate[]]
  /** Whether clients are asked for a certificate, and refused without a valid one. */
  readonly certReqs: 'none' | 'optional' | 'required'
  /** PEM of the authorities that client certificates have to come from. Absent: those that Node.js knows. */
  readonly caCerts?: string
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** In OpenSSL's notation. Absent: those of Node.js. */
  readonly ciphers?: string
  /** How long a client may take for the handshake. */
  readonly handshakeTimeoutMs: number
  /** 48 bytes in base64, the same in all workers, so that a session can be resumed in another one. Secret, like the keys. */
  readonly ticketKeys: string
}
