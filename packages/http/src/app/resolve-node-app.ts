/** Turns what an app of kind `node` exports into a `NodeApp`. */

import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import { adoptedServer, describeValue, TunicornError } from '@tunicorn/arbiter/worker'
import { AdoptedApp } from './adopted-app.js'
import { type ConnectHandler, connectApp } from './connect-app.js'
import { HttpServerApp } from './http-server-app.js'
import type { ExchangeHandler, NodeApp } from './node-app.js'

/** What this file uses of a Fastify instance. */
interface FastifyLike {
  ready(): PromiseLike<unknown>
  routing(req: IncomingMessage, res: ServerResponse): unknown
  readonly server?: unknown
  close?(): PromiseLike<unknown>
}

/** What this file uses of a Nest application. */
interface NestLike {
  init(): PromiseLike<unknown>
  getHttpAdapter(): { getInstance(): unknown }
  getHttpServer(): unknown
  close(): PromiseLike<unknown>
}

/** What this file uses of a hapi server. */
interface HapiLike {
  readonly listener: Server
  initialize(): PromiseLike<unknown>
  stop(): PromiseLike<unknown>
}

/** What this file uses of a Koa instance. */
interface KoaLike {
  callback(): (req: IncomingMessage, res: ServerResponse) => unknown
}

/** What this file uses of a Polka instance. */
interface PolkaLike {
  handler(req: IncomingMessage, res: ServerResponse): unknown
}

/**
 * Accepts a `(req, res)` function (Express, Connect, a plain handler), a `(req, res, next)` function, an `http.Server`
 * without an open port, and an instance of Fastify, Nest, hapi, Koa or Polka. Instances of Fastify, Nest and hapi are made
 * ready here.
 *
 * @throws TunicornError `APP_NOT_USABLE` for anything else
 */
export async function resolveNodeApp(value: unknown): Promise<NodeApp> {
  if (value instanceof Server) return serverApp(value)
  if (isConnectStyle(value)) return connectApp(value)
  if (isHandler(value)) return { request: (req, res) => value(req, res) }
  if (isFastifyLike(value)) return await fastifyApp(value)
  if (isNestLike(value)) return await nestApp(value)
  if (isHapiLike(value)) return await hapiApp(value)
  if (isKoaLike(value)) return { request: value.callback() }
  if (isPolkaLike(value)) return { request: (req, res) => value.handler(req, res) }
  throw new TunicornError(
    'APP_NOT_USABLE',
    `Expected an app of kind "node" to be a (req, res) function, an http.Server, a Fastify, Nest, hapi, Koa or Polka instance, got ${describeValue(value)}`,
  )
}

function serverApp(server: Server): NodeApp {
  const adopted = adoptedServer(server)
  if (adopted) return new AdoptedApp(adopted)
  if (!server.listening) return new HttpServerApp(server)
  throw new TunicornError(
    'APP_NOT_USABLE',
    'The http.Server is listening already. Export it without calling `listen`: the listeners come from the arbiter',
  )
}

/** Uses Fastify's own server when there is one, because plug-ins attach to it. */
async function fastifyApp(fastify: FastifyLike): Promise<NodeApp> {
  await fastify.ready()
  const close = async (): Promise<void> => {
    // Fastify closes its server and waits for that.
    adoptedServer(fastify.server)?.drained()
    await fastify.close?.()
  }
  if (!(fastify.server instanceof Server)) return { request: (req, res) => fastify.routing(req, res), close }
  return new ClosedApp(fastify.server, close)
}

async function nestApp(nest: NestLike): Promise<NodeApp> {
  await nest.init()
  const instance = nest.getHttpAdapter().getInstance()
  // Nest does this by itself only when it listens.
  if (isFastifyLike(instance)) await instance.ready()
  return new ClosedApp(requireServer(nest.getHttpServer()), async () => void (await nest.close()))
}

async function hapiApp(hapi: HapiLike): Promise<NodeApp> {
  await hapi.initialize()
  return new ClosedApp(hapi.listener, async () => void (await hapi.stop()))
}

function requireServer(value: unknown): Server {
  if (value instanceof Server) return value
  throw new TunicornError('APP_NOT_USABLE', `Expected an http.Server of the app, got ${describeValue(value)}`)
}

/** An app that must be closed before its server. */
class ClosedApp extends HttpServerApp {
  readonly #close: () => Promise<void>

  constructor(server: Server, close: () => Promise<void>) {
    super(server)
    this.#close = close
  }

  override async close(): Promise<void> {
    await this.#close()
    await super.close()
  }
}

function isHandler(value: unknown): value is ExchangeHandler {
  return typeof value === 'function'
}

/** Excludes Express and Connect: their apps also take a `next`, but answer by themselves without one. */
function isConnectStyle(value: unknown): value is ConnectHandler {
  return isHandler(value) && value.length === 3 && !('handle' in value && 'use' in value)
}

function isPolkaLike(value: unknown): value is PolkaLike {
  return hasMethod(value, 'handler') && hasMethod(value, 'onNoMatch')
}

function isFastifyLike(value: unknown): value is FastifyLike {
  return hasMethod(value, 'ready') && hasMethod(value, 'routing')
}

function isNestLike(value: unknown): value is NestLike {
  return hasMethod(value, 'getHttpAdapter') && hasMethod(value, 'getHttpServer') && hasMethod(value, 'init')
}

function isHapiLike(value: unknown): value is HapiLike {
  return (
    hasMethod(value, 'initialize') &&
    hasMethod(value, 'stop') &&
    Reflect.get(Object(value), 'listener') instanceof Server
  )
}

function isKoaLike(value: unknown): value is KoaLike {
  return hasMethod(value, 'callback')
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
}
