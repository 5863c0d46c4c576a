/**
 * The group `web`: the page, its orders, and the proxy to the other groups.
 *
 * It is an `http.Server` that does not listen: an app of kind `node` that takes WebSockets too.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { ControlClient } from '@tunicorn/arbiter/control'
import { currentDirectory, readToken } from './directory/demo-directory.js'
import { feed } from './web/feed.js'
import { GroupProxy } from './web/group-proxy.js'
import { type Refusal, refusalOf } from './web/guard.js'
import { localWork } from './web/local-work.js'
import { deploy, kill, scale, stack } from './web/orders.js'
import { pageRoutes } from './web/pages.js'
import { type Route, refusalText, sendProblem } from './web/route.js'
import { runs } from './web/runs.js'
import { Watch } from './web/watch.js'

const directory = currentDirectory()
const token = readToken(directory)
const control = new ControlClient(directory.control)
const watch = new Watch(control)
const proxy = new GroupProxy(directory, watch.draining)

const pages = pageRoutes(token)
const orders: ReadonlyMap<string, Route> = new Map([
  ['/api/deploy', deploy(directory, control)],
  ['/api/scale', scale(control)],
  ['/api/kill', kill(control)],
  ['/api/stack', stack(control)],
  ['/api/runs', runs()],
])
const sendFeed = feed(watch)

const server: Server = createServer(async (request, response) => {
  const refusal = check(request)
  if (refusal !== undefined) return sendProblem(response, refusal.status, refusal.reason)
  await routeOf(request)(request, response)
})
server.on('upgrade', async (request, socket, head) => {
  const refusal = check(request)
  if (refusal === undefined) await proxy.upgrade(request, socket, head)
  else socket.end(refusalText(refusal))
})
server.on('close', () => watch.close())

export default server

function routeOf({ method = 'GET', url = '/' }: IncomingMessage): Route {
  const path = url.replace(/\?.*/, '')
  if (method === 'POST' && orders.has(path)) return orders.get(path) ?? proxy.request
  if (path === '/api/feed') return sendFeed
  if (path.startsWith('/work/')) return localWork
  return pages.get(path) ?? proxy.request
}

function check({ method = 'GET', headers, socket }: IncomingMessage): Refusal | undefined {
  const given = headers['x-demo-token']
  return refusalOf(
    {
      method,
      host: headers.host,
      origin: headers.origin,
      token: typeof given === 'string' ? given : undefined,
      address: socket.remoteAddress,
    },
    token,
  )
}
