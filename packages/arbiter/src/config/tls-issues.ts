/** TLS settings that conflict. Pure. */
import type { Address } from '../sockets/address.js'
import { certificateFiles } from '../tls/certificate-files.js'
import type { GroupSettings } from './settings.js'

export interface TlsIssueInput {
  readonly settings: GroupSettings
  readonly addresses: readonly Address[]
  /** The sockets were passed by systemd, so `bind` is ignored. */
  readonly hasSockets: boolean
  /** Name of the worker class, if it does not speak TLS. */
  readonly plainClass: string | undefined
  /** Name of the worker class, if it does not speak HTTP/2. */
  readonly http1Class: string | undefined
}

/** Each issue has the name of the setting that it is about. */
export function tlsIssues(
  input: TlsIssueInput,
): readonly (readonly [name: keyof GroupSettings, problem: string])[] {
  const { settings, addresses, hasSockets, http1Class, plainClass } = input
  const { bind, caCerts, certReqs, certfile, http2, keyfile, redirectHttp } = settings
  const hasCertificate = certificateFiles(settings).length > 0
  const wantsTls = addresses.some(address => address.type === 'tcp' && address.isTls === true)
  const isPlain = (address: Address): boolean => address.type === 'tcp' && address.isTls !== true
  const wantsPlainHttp2 = addresses.some(address => address.type === 'tcp' && address.isHttp2 === true)
  const found: (readonly [keyof GroupSettings, string] | false)[] = [
    !hasCertificate &&
      wantsTls && ['bind', '`https://` in `bind` needs a certificate: give `certfile` and `keyfile`'],
    keyfile !== '' && certfile === '' && ['keyfile', '`keyfile` is the key of `certfile`: give that too'],
    certReqs !== 'none' &&
      caCerts === '' && [
        'certReqs',
        `\`certReqs\` ${certReqs} needs \`caCerts\`, the authorities of the clients`,
      ],
    http2 === 'on' &&
      http1Class !== undefined && [
        'http2',
        `Worker class "${http1Class}" does not speak HTTP/2: take event-loop or asgi, or leave \`http2\` off`,
      ],
    http2 === 'on' &&
      !hasCertificate &&
      !wantsPlainHttp2 && [
        'http2',
        '`http2` needs `certfile`, since clients ask for it in the TLS handshake, or an address in `bind` with `h2c://`',
      ],
    http2 === 'off' && wantsPlainHttp2 && ['bind', '`h2c://` in `bind` is HTTP/2: set `http2` to on'],
    redirectHttp &&
      !(wantsTls && addresses.some(isPlain)) && [
        'redirectHttp',
        '`redirectHttp` needs an address in `bind` with `https://` and one without',
      ],
    certReqs !== 'none' &&
      !hasCertificate && ['certReqs', '`certReqs` is about TLS: give `certfile` and `keyfile`'],
    hasCertificate &&
      plainClass !== undefined && [
        'certfile',
        `Worker class "${plainClass}" does not speak TLS: take another one, or end TLS in a proxy`,
      ],
    hasCertificate &&
      !hasSockets &&
      addresses.length > 0 &&
      addresses.every(({ type }) => type === 'unix') && [
        'certfile',
        `A certificate needs a TCP address in \`bind\`, got ${bind.join(', ')}: Unix sockets are never encrypted`,
      ],
  ]
  return found.filter(issue => issue !== false)
}
