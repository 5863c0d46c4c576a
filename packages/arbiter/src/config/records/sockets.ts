import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { proxyProtocols } from '../../contract/worker-settings.js'
import { mode, positiveCount, showOctal } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { addresses, choice, fieldName, forwardedFields, peers } from '../text-kinds.js'

/** Where connections come from. */
export const socketRecords: SomeRecords<
  | 'bind'
  | 'socketMode'
  | 'backlog'
  | 'proxyProtocol'
  | 'forwardedAllowIps'
  | 'forwardedHeaders'
  | 'requestIdHeader'
> = {
  bind: {
    ...addresses,
    name: 'bind',
    scope: 'group',
    flag: { long: '--bind', short: '-b', metavar: 'ADDRESS', repeatable: true },
    variable: { name: 'PORT', parse: port => `0.0.0.0:${port}`, meaning: 'binds `0.0.0.0:$PORT`' },
    default: ['127.0.0.1:8000'],
    defaultText: '127.0.0.1:8000, or where the app listens',
    summary: 'HOST:PORT, :PORT, [v6]:PORT, https://HOST:PORT, h2c://HOST:PORT, unix:PATH or fd://N',
    details:
      'In a config file, `[]` means no address: for a group that only does work of its own, such as consuming a queue, under a worker class that needs no listener (`event-loop`, `asgi`). Without `bind`, a single group whose app calls `listen` is served where the app would listen, unless it has a `certfile`. Port 0 takes a free port; the log shows which. `:PORT` binds every IPv4 address, and `[::]:PORT` every IPv6 and IPv4 address; two addresses of which one contains the other are refused. Sockets that systemd passes (`LISTEN_FDS`) replace `bind`: a single group gets all of them, and each of several groups gets those with its name.',
  },
  socketMode: {
    ...mode,
    name: 'socketMode',
    scope: 'group',
    flag: { long: '--socket-mode', metavar: 'MODE' },
    default: 0o600,
    defaultText: '0600',
    show: showOctal,
    summary: 'mode of Unix sockets, octal',
    details:
      'A user who may write to the socket may connect. A socket has this mode from the moment it exists, and belongs to `user` and `group`. Sockets that are already bound when a reload changes the setting keep their mode.',
  },
  backlog: {
    ...positiveCount,
    name: 'backlog',
    scope: 'worker',
    flag: { long: '--backlog', metavar: 'N' },
    default: defaultWorkerSettings.backlog,
    summary: "length of the kernel's accept queue",
  },
  proxyProtocol: {
    ...choice(proxyProtocols),
    name: 'proxyProtocol',
    scope: 'worker',
    flag: { long: '--proxy-protocol', metavar: 'VERSION' },
    default: defaultWorkerSettings.proxyProtocol,
    summary: 'PROXY protocol that trusted peers speak: off, v1, v2 or auto',
    details:
      'The peers in `forwardedAllowIps` then have to begin every connection with the address of the client, before HTTP or TLS: a connection without it is refused. `auto` accepts either version. Other peers are served as usual. The prefix may take as long as `headersTimeout`. See [deploying](deploying.md#proxy-protocol).',
  },
  forwardedAllowIps: {
    ...peers,
    name: 'forwardedAllowIps',
    scope: 'worker',
    flag: { long: '--forwarded-allow-ips', metavar: 'LIST', repeatable: true },
    variable: { name: 'FORWARDED_ALLOW_IPS' },
    default: defaultWorkerSettings.forwardedAllowIps,
    summary: 'peers whose forwarded headers are trusted',
    details:
      'Addresses, CIDR ranges or `*`; one text may hold several, separated by commas. Peers on Unix sockets are always trusted.',
  },
  forwardedHeaders: {
    ...forwardedFields,
    name: 'forwardedHeaders',
    scope: 'worker',
    flag: { long: '--forwarded-headers', metavar: 'LIST', repeatable: true },
    default: defaultWorkerSettings.forwardedHeaders,
    summary: 'header fields that are trusted from those peers',
    details:
      'Any of `X-Forwarded-For`, `-Proto`, `-Host`, `-Port`, `-Prefix`, `-Ssl` and `Forwarded` (RFC 7239); one text may hold several, separated by commas. List a field only if your proxy sets or removes it in every request: nginx and HAProxy pass on what a client wrote in `X-Forwarded-Host`. If `Forwarded` is listed and present, it is read in place of `-For`, `-Proto` and `-Host`. A request whose fields disagree about the scheme gets 400. For apps of the kinds `fetch` and `asgi`; apps of kind `node` read the fields themselves, see [deploying.md](deploying.md).',
  },
  requestIdHeader: {
    ...fieldName,
    name: 'requestIdHeader',
    scope: 'worker',
    flag: { long: '--request-id-header', metavar: 'NAME' },
    default: defaultWorkerSettings.requestIdHeader,
    defaultText: 'none',
    summary: 'header field with the id of a request, for example X-Request-Id',
    details:
      'The id is taken from the field if a peer in `forwardedAllowIps` sends it exactly once, with at most 200 visible ASCII characters; otherwise a UUID is generated. It is in the request that the app gets, in the response, in the access log, in errors and in `ctl status`. See [logging](logging.md#request-ids-and-traces).',
  },
}
