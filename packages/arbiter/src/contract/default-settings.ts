import type { WorkerSettings } from './worker-settings.js'

/** The settings that reach a worker when nobody gives any, before the defaults of its class. */
export const defaultWorkerSettings: WorkerSettings = {
  timeout: 30,
  bootTimeout: 60,
  waitReady: false,
  gracefulTimeout: 30,
  keepAlive: 65,
  headersTimeout: 15,
  requestTimeout: 300,
  workerConnections: 1000,
  maxRequests: 0,
  maxRequestsJitter: 0,
  backlog: 2048,
  limitRequestLine: 8190,
  limitRequestFields: 100,
  limitRequestFieldSize: 16_384,
  limitRequestHead: 65_536,
  limitRequestBody: 0,
  http2: 'off',
  redirectHttp: false,
  headerMap: 'drop',
  adoptListen: true,
  proxyProtocol: 'off',
  forwardedAllowIps: ['127.0.0.1', '::1'],
  forwardedHeaders: ['X-Forwarded-For', 'X-Forwarded-Proto'],
  requestIdHeader: '',
}
