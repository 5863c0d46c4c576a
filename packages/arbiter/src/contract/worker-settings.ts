/** The settings that reach a worker. Durations are seconds, sizes are bytes, 0 means off unless said otherwise. */
export interface WorkerSettings {
  /** Silence after which a serving worker is killed, with evidence. Seconds; 0 = off. @default 30 */
  readonly timeout: number
  /** How long a worker may take to boot. Seconds; 0 = off. @default 60 */
  readonly bootTimeout: number
  /** The worker is ready when the app has called `process.send('ready')`, not before. @default false */
  readonly waitReady: boolean
  /** How long requests in flight may take when a worker drains, whatever the reason. Seconds. @default 30 */
  readonly gracefulTimeout: number
  /** How long an idle connection is kept. Seconds; 0 = connections are not kept. @default 65 */
  readonly keepAlive: number
  /** How long a client may take to send a request head. Seconds; 0 = off. @default 15 */
  readonly headersTimeout: number
  /** How long a client may take to send a whole request. Seconds; 0 = off. @default 300 */
  readonly requestTimeout: number
  /**
   * Open connections per worker; at the limit the worker pauses accepting. 0 = no limit. The arbiter gives no more than
   * the limit of open files leaves room for. @default 1000
   */
  readonly workerConnections: number
  /**
   * Requests that the app works on at a time in one worker; others wait for a place. Sockets that the app took over, such as
   * WebSockets, take none. 0 = no limit of its own. @default 0
   */
  readonly maxConcurrency: number
  /** Requests that may wait in one worker; more get 503. 0 = none wait. @default 256 */
  readonly maxQueue: number
  /** How long a request may wait for a place; then 503. Seconds; 0 = as long as its client does. @default 10 */
  readonly queueTimeout: number
  /** Requests after which a worker is recycled, replacement first; 0 = never. @default 0 */
  readonly maxRequests: number
  /** Up to this many requests are added to `maxRequests`, at random per worker. @default 0 */
  readonly maxRequestsJitter: number
  /** Length of the kernel's accept queue. @default 2048 */
  readonly backlog: number
  /** Maximum bytes of the request line; larger ones get 414. 0 = only Node's own limit. @default 8190 */
  readonly limitRequestLine: number
  /** Maximum number of header fields; more get 431. 0 = only Node's own limit. @default 100 */
  readonly limitRequestFields: number
  /** Maximum bytes of one header field; larger ones get 431. 0 = only Node's own limit. @default 16384 */
  readonly limitRequestFieldSize: number
  /**
   * Maximum bytes of a whole request head, as Node counts them: the target, and the names and values of the fields. Larger ones
   * get 431. 0 = as much as the other limits allow. @default 65536
   */
  readonly limitRequestHead: number
  /** Maximum bytes of a request body; larger ones get 413. 0 = off. @default 0 */
  readonly limitRequestBody: number
  /**
   * Whether HTTP/2 is spoken: to clients of encrypted addresses that ask for it, and at plain addresses that `bind` gives with
   * `h2c://`. @default 'off'
   */
  readonly http2: 'off' | 'on'
  /** Whether clients of plain TCP addresses are redirected to the encrypted one instead of being served. @default false */
  readonly redirectHttp: boolean
  /**
   * What becomes of a field whose name has an underscore, which many programs treat as a hyphen: it is dropped, its request
   * is refused with 400, or the app gets it. @default 'drop'
   */
  readonly headerMap: HeaderMap
  /**
   * Whether the HTTP server of an app that calls `listen` is taken as the app, and opens no port of its own. A worker class
   * that loads the app with `context.app.load` has nothing to do for it. @default true
   */
  readonly adoptListen: boolean
  /**
   * Whether the peers of `forwardedAllowIps` begin each connection with a prefix of the PROXY protocol: of version 1, of 2,
   * or of either. @default 'off'
   */
  readonly proxyProtocol: ProxyProtocol
  /** Peers whose forwarded headers are trusted: addresses, CIDR ranges or `*`. Unix peers are always trusted. @default ['127.0.0.1', '::1'] */
  readonly forwardedAllowIps: readonly string[]
  /** Fields that are trusted from those peers. What they send in other fields is ignored. @default ['X-Forwarded-For', 'X-Forwarded-Proto'] */
  readonly forwardedHeaders: readonly ForwardedHeader[]
  /** Field with the id of a request, trusted from those peers and generated for others; empty: requests have none. @default '' */
  readonly requestIdHeader: string
}

/** What can become of a field whose name has an underscore. */
export const headerMaps = ['drop', 'refuse', 'keep'] as const

/** One of them. */
type HeaderMap = (typeof headerMaps)[number]

/** Versions of the PROXY protocol. */
export const proxyProtocols = ['off', 'v1', 'v2', 'auto'] as const

/** One of them. */
type ProxyProtocol = (typeof proxyProtocols)[number]

/** The fields by which a proxy can speak for the client. */
export const forwardedHeaders = [
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'X-Forwarded-Port',
  'X-Forwarded-Prefix',
  'X-Forwarded-Ssl',
  'Forwarded',
] as const

/** One of them. */
export type ForwardedHeader = (typeof forwardedHeaders)[number]
