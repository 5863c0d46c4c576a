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
      'The certificate, followed by the intermediate ones. TLS is spoken at the addresses in `bind` that begin with `https://`; if none does, at every TCP address, including those that systemd passes. See [tls.md](tls.md).',
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
      'The arbiter reads it at the start and on every reload, and hands it to workers: `user` needs no permission to read the file. The key must not have a passphrase.',
  },
  certificates: {
    ...certificates,
    name: 'certificates',
    scope: 'group',
    flag: { long: '--certificate', metavar: 'FILE[,FILE]', repeatable: true },
    default: [],
    summary: 'further certificates, each with its key, by host name',
    details:
      'A list of `{ certfile, keyfile }`; on the command line, the certificate file, a comma and the key file. A client that asks for a host name (SNI) gets the certificate with that name. If there is none, it gets `certfile`, or else the first of the list.',
  },
  caCerts: {
    ...text,
    name: 'caCerts',
    scope: 'group',
    flag: { long: '--ca-certs', metavar: 'FILE' },
    default: '',
    defaultText: 'those of Node.js',
    summary: 'certificate authorities for client certificates, as PEM',
  },
  certReqs: {
    ...choice(['none', 'optional', 'required']),
    name: 'certReqs',
    scope: 'group',
    flag: { long: '--cert-reqs', metavar: 'WORD' },
    default: 'none',
    summary: 'client certificates: none, optional or required',
    details:
      'With `optional`, clients are asked for one, and the app sees in `req.socket.authorized` whether a client sent a valid one. With `required`, clients without a valid one are refused in the handshake. Both need `caCerts`.',
  },
  tlsMinVersion: {
    ...choice(['1.2', '1.3']),
    name: 'tlsMinVersion',
    scope: 'group',
    flag: { long: '--tls-min-version', metavar: 'VERSION' },
    default: '1.2',
    summary: 'oldest version of TLS that is accepted: 1.2 or 1.3',
  },
  ciphers: {
    ...text,
    name: 'ciphers',
    scope: 'group',
    flag: { long: '--ciphers', metavar: 'LIST' },
    default: '',
    defaultText: 'those of Node.js',
    summary: "ciphers for TLS, in OpenSSL's notation",
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
      'With `on`, clients of encrypted addresses get HTTP/2 if they ask for it in the handshake (ALPN), and HTTP/1.1 otherwise. A plain address speaks only HTTP/2 if it begins with `h2c://` in `bind`. For the worker classes `event-loop` and `asgi`. Every stream is a request like any other, under the same limits. See [tls.md](tls.md#http2).',
  },
  redirectHttp: {
    ...onOrOff,
    name: 'redirectHttp',
    scope: 'worker',
    flag: { long: '--redirect-http' },
    default: defaultWorkerSettings.redirectHttp,
    summary: 'plain addresses redirect (308) to the encrypted one',
    details:
      'For a group that binds both: every request at a plain TCP address is redirected with 308 to the same host, path and query at the first `https://` address of `bind`; WebSockets get 501. Unix sockets are served as usual. The redirect names the bound port, so bind 443 if clients are to connect to 443.',
  },
  certificateReload: {
    ...seconds,
    name: 'certificateReload',
    scope: 'arbiter',
    flag: { long: '--certificate-reload', metavar: 'SECONDS' },
    default: 0,
    defaultText: '0, only on a reload',
    summary: 'how often the certificate files are checked for changes',
    details:
      'When the files of `certfile`, `keyfile`, `certificates` or `caCerts` have changed, the serving workers get their new contents without a reload: new connections use the new certificate, and existing ones stay. If the files do not fit together, an error is logged and the old certificates stay.',
  },
}
