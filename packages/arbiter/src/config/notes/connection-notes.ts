/** TLS, connections, and what a request may be. */
import type { SomeNotes } from './setting-note.js'

export const connectionNotes: SomeNotes<
  | 'certfile'
  | 'keyfile'
  | 'certificates'
  | 'caCerts'
  | 'certReqs'
  | 'tlsMinVersion'
  | 'ciphers'
  | 'handshakeTimeout'
  | 'http2'
  | 'redirectHttp'
  | 'certificateReload'
  | 'keepAlive'
  | 'headersTimeout'
  | 'requestTimeout'
  | 'workerConnections'
  | 'maxConcurrency'
  | 'maxQueue'
  | 'queueTimeout'
  | 'limitRequestLine'
  | 'limitRequestFields'
  | 'limitRequestFieldSize'
  | 'limitRequestHead'
  | 'limitRequestBody'
  | 'headerMap'
> = {
  certfile: {
    when: 'no proxy in front terminates TLS',
    example: '/etc/tls/server.crt',
    gunicorn: 'certfile',
  },
  keyfile: {
    when: 'the key is not in the file of the certificate',
    example: '/etc/tls/server.key',
    gunicorn: 'keyfile',
  },
  certificates: {
    when: 'one server has several host names, each with its own certificate',
    example: [{ certfile: '/etc/tls/api.crt', keyfile: '/etc/tls/api.key' }],
  },
  caCerts: {
    when: 'clients present certificates from your own authority',
    example: '/etc/tls/clients.crt',
    gunicorn: 'ca_certs',
  },
  certReqs: { when: 'clients are identified by certificates', example: 'required', gunicorn: 'cert_reqs' },
  tlsMinVersion: { when: 'every client speaks TLS 1.3', example: '1.3', gunicorn: 'ssl_version' },
  ciphers: {
    when: 'a policy that you have to follow names the ciphers',
    example: 'ECDHE+AESGCM:!aNULL',
    gunicorn: 'ciphers',
  },
  handshakeTimeout: {
    when: 'clients with bad connections are cut, or idle ones should be cut earlier',
    example: 5,
    gunicorn: 'ssl_handshake_timeout',
  },
  http2: { when: 'browsers connect without a proxy in between', example: 'on', gunicorn: 'http_protocols' },
  redirectHttp: { when: 'the server has port 80 as well as 443', example: true },
  certificateReload: { when: 'a program renews the certificates without reloading the server', example: 60 },
  keepAlive: {
    when: 'a load balancer keeps idle connections for longer than 60 s',
    example: 125,
    gunicorn: 'keepalive',
  },
  headersTimeout: { when: 'clients may be slow on purpose, and no proxy is in front', example: 5 },
  requestTimeout: { when: 'uploads take longer than five minutes, or never take that long', example: 900 },
  workerConnections: {
    when: 'WebSockets or idle clients hold more connections than this',
    example: 10_000,
    gunicorn: 'worker_connections',
  },
  maxConcurrency: {
    when: 'the app becomes slower for everybody when it works on too much at once',
    example: 64,
    gunicorn: 'threads',
  },
  maxQueue: { when: 'clients are better served by a refusal than by a long wait', example: 32 },
  queueTimeout: { when: 'clients do not wait that long for an answer', example: 2 },
  limitRequestLine: {
    when: 'clients send longer targets, or never do',
    example: 4096,
    gunicorn: 'limit_request_line',
  },
  limitRequestFields: {
    when: 'proxies add more fields than this, or a smaller number will do',
    example: 50,
    gunicorn: 'limit_request_fields',
  },
  limitRequestFieldSize: {
    when: 'a cookie or a token is larger',
    example: '32kb',
    gunicorn: 'limit_request_field_size',
  },
  limitRequestHead: { when: 'the limits of its parts were raised', example: '128kb' },
  limitRequestBody: {
    when: 'no proxy bounds uploads, or an app reads bodies into memory',
    example: '10mb',
  },
  headerMap: {
    when: 'fields with an underscore should be refused, or an old client needs them',
    example: 'refuse',
    gunicorn: 'header_map',
  },
}
