/** What a worker class needs to speak TLS at a listener. Read by the arbiter, so that workers need no right to the files. */

/** A certificate with its private key, as PEM. */
export interface TlsCertificate {
  /** The certificate, then those between it and the root. */
  readonly cert: string
  readonly key: string
  /** Host names that it stands for, in lower case; `*.example.org` for all one level below. Clients ask for one of them (SNI). */
  readonly names: readonly string[]
}

/** How connections at a listener are encrypted. */
export interface ListenerTls {
  /** The first one answers clients that ask for no name, or for one that none of them has. */
  readonly certificates: readonly [TlsCertificate, ...TlsCertificate[]]
  /** Whether clients are asked for a certificate, and refused without a good one. */
  readonly certReqs: 'none' | 'optional' | 'required'
  /** PEM of the authorities that certificates of clients have to come from. Absent: those that Node.js knows. */
  readonly caCerts?: string
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  /** In OpenSSL's words. Absent: those of Node.js. */
  readonly ciphers?: string
  /** How long a client may take for the handshake. */
  readonly handshakeTimeoutMs: number
  /** 48 bytes in base64, the same in all workers, so that a session may go on in another one. Secret, like the keys. */
  readonly ticketKeys: string
}
