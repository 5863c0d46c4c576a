/** An app that calls `listen` itself: its adopted servers. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { type AdoptedServer, adoptedServer } from '@tunicorn/arbiter/worker'
import { HttpServerApp } from './http-server-app.js'
import type { NodeApp, TunnelHandler } from './node-app.js'

/** Uses the first server, except for requests to a port that another server asked for. */
export class AdoptedApp extends HttpServerApp {
  readonly #adopted: AdoptedServer
  readonly #others = new Map<number, NodeApp>()

  constructor(adopted: AdoptedServer) {
    super(httpServer(adopted.server))
    this.#adopted = adopted
  }

  override request(req: IncomingMessage, res: ServerResponse): unknown {
    const other = this.#otherFor(req)
    return other === undefined ? super.request(req, res) : other.request(req, res)
  }

  override get upgrade(): TunnelHandler | undefined {
    const own = super.upgrade
    if (this.#adopted.others.size === 0) return own
    return (req, socket, head) => {
      const other = this.#otherFor(req)
      const handler = other === undefined ? own : other.upgrade
      return handler === undefined ? void socket.destroy() : handler(req, socket, head)
    }
  }

  override requestsDone(): void {
    void this.close()
  }

  override async close(): Promise<void> {
    const others = [...this.#adopted.others.values()].map(server => adoptedServer(server)?.end())
    await Promise.all([...others, this.#adopted.end()])
  }

  #otherFor({ socket: { localPort } }: IncomingMessage): NodeApp | undefined {
    const { others } = this.#adopted
    if (others.size === 0 || localPort === undefined) return undefined
    const server = others.get(localPort)
    if (server === undefined) return undefined
    const app = this.#others.get(localPort) ?? new HttpServerApp(httpServer(server))
    this.#others.set(localPort, app)
    return app
  }
}

/** Only servers of `node:http` are adopted. An app whose server uses TLS or HTTP/2 is refused. */
function httpServer(server: AdoptedServer['server']): Server {
  return server as Server
}
