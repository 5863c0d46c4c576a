import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { handshakeSeconds, seconds } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { certificates, choice, onOrOff, text } from '../text-kinds.js'

/** Encrypted connections. */
export const tlsRecords: SomeRecords<
  | 'certfile'
  | 'keyfile'
  | 'certificates'
  | 'caCerts'
  | 'certReqs'
  | 'tlsMinVersion'
  | 'ciphers'
  | 'handshakeTimeout'
  | 'certificateReload'
  | 'redirectHttp'
  | 'http2'
> = {
  certfile: {
    ...text,
    name: 'certfile',
    scope: 'group',
    flag: { long: '--certfile', metavar: 'FILE' },
    default: '',
    defaultText: 'none',
    summary: 'certificate for TLS, as PEM',
    details:
      'The certificate, then those between it and the root. TLS is spoken at the addresses in `bind` that say `https://`; where none does, at every TCP address, also those that systemd passes. See [tls.md](tls.md).',
  },
  keyfile: {
    ...text,
    name: 'keyfile',
    scope: 'group',
    flag: { long: '--keyfile', metavar: 'FILE' },
    default: '',
    defaultText: 'in `certfile`',
    summary: 'key of the certificate, as PEM',
    details:
      'Read by the arbiter, at the start and on every reload, and handed to workers: `user` needs no right to the file. A key must have no passphrase.',
  },
  certificates: {
    ...certificates,
    name: 'certificates',
    scope: 'group',
    flag: { long: '--certificate', metavar: 'FILE[,FILE]', repeatable: true },
    default: [],
    summary: 'further certificates, each with its key, by host name',
    details:
      'A list of `{ certfile, keyfile }`; on the command line the file of the certificate, then a comma and that of the key. A client that asks for a host name (SNI) gets the certificate with that name, and `certfile`, or else the first of the list, when there is none.',
  },
  caCerts: {
    ...text,
    name: 'caCerts',
    scope: 'group',
    flag: { long: '--ca-certs', metavar: 'FILE' },
    default: '',
    defaultText: 'those of Node.js',
    summary: 'authorities for certificates of clients, as PEM',
  },
  certReqs: {
    ...choice(['none', 'optional', 'required']),
    name: 'certReqs',
    scope: 'group',
    flag: { long: '--cert-reqs', metavar: 'WORD' },
    default: 'none',
    summary: 'certificates of clients: none, optional or required',
    details:
      '`optional`: clients are asked, and the app sees in `req.socket.authorized` whether one gave a good certificate. `required`: others are refused in the handshake. Either needs `caCerts`.',
  },
  tlsMinVersion: {
    ...choice(['1.2', '1.3']),
    name: 'tlsMinVersion',
    scope: 'group',
    flag: { long: '--tls-min-version', metavar: 'VERSION' },
    default: '1.2',
    summary: 'oldest version of TLS that is spoken: 1.2 or 1.3',
  },
  ciphers: {
    ...text,
    name: 'ciphers',
    scope: 'group',
    flag: { long: '--ciphers', metavar: 'LIST' },
    default: '',
    defaultText: 'those of Node.js',
    summary: "ciphers for TLS, in OpenSSL's words",
  },
  handshakeTimeout: {
    ...handshakeSeconds,
    name: 'handshakeTimeout',
    scope: 'group',
    flag: { long: '--handshake-timeout', metavar: 'SECONDS' },
    default: 10,
    summary: 'how long a client may take for a TLS handshake',
  },
  http2: {
    ...choice(['off', 'on']),
    name: 'http2',
    scope: 'worker',
    flag: { long: '--http2', metavar: 'WORD' },
    default: defaultWorkerSettings.http2,
    summary: 'HTTP/2: off or on',
    details:
      'With `on`, clients of encrypted addresses get HTTP/2 when they ask for it in the handshake (ALPN), and HTTP/1.1 otherwise. A plain address speaks HTTP/2, and nothing else, when `bind` has it with `h2c://`. For the worker classes `event-loop` and `asgi`. Every stream is a request like any other, under the same limits. See [tls.md](tls.md#http2).',
  },
  redirectHttp: {
    ...onOrOff,
    name: 'redirectHttp',
    scope: 'worker',
    flag: { long: '--redirect-http' },
    default: defaultWorkerSettings.redirectHttp,
    summary: 'plain addresses answer 308 to the encrypted one',
    details:
      'For a group that binds both: every request at a plain TCP address is answered with 308 and the same host, path and query at the first `https://` address of `bind`, and WebSockets with 501. Unix sockets are served as usual. The port is the one that is bound, so bind 443 where clients are to come to 443.',
  },
  certificateReload: {
    ...seconds,
    name: 'certificateReload',
    scope: 'arbiter',
    flag: { long: '--certificate-reload', metavar: 'SECONDS' },
    default: 0,
    defaultText: '0, only on a reload',
    summary: 'how often the files of certificates are looked at',
    details:
      'When the files of `certfile`, `keyfile`, `certificates` or `caCerts` have changed, the workers that serve get what is in them, without a reload: new connections have the new certificate, and the others stay. What does not fit together is an error in the log, and the old certificates stay.',
  },
}
