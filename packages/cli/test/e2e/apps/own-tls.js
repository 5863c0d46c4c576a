import { createServer as createHttp2Server, createSecureServer } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import fastify from 'fastify'

const answer = (_req, res) => res.end()

export const https = createHttpsServer(answer)
export const http2 = createHttp2Server(answer)
export const http2Secure = createSecureServer({}, answer)
export const fastifyHttps = fastify({ https: {} })
export const fastifyHttp2 = fastify({ http2: true })
export const fastifyBoth = fastify({ http2: true, https: {} })
