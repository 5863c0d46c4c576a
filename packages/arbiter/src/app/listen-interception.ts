/**
 * The rule for apps that call `listen`. `net.Server.prototype.listen` is replaced before the app is loaded:
 *
 * - The first HTTP server (of `http`, `https` or `http2`) that listens at a port is the app.
 * - Another one at the same port is the same app: some frameworks listen at each address of a name.
 * - One at a different port is served there if the configuration binds that port, and is an error otherwise.
 * - Everything else listens as usual: port 0, paths, descriptors, servers of other protocols.
 */
import net, { type AddressInfo, type Server } from 'node:net'
import type { AppAdoption, AskedAddress } from '../contract/adoption.js'
import { TunicornError } from '../errors.js'
import { AdoptedServer, adoptedServer } from './adopted-server.js'
import { type ListenCall, listenCall } from './asked-address.js'
import { hasMethod, member } from './kind.js'

export class ListenInterception {
  /** Resolves when a server has become the app. */
  readonly taken: Promise<void>
  /** Rejects with the error of a second server. */
  readonly failed: Promise<never>
  readonly #adoption: AppAdoption
  readonly #specifier: string
  #app: AdoptedServer | undefined
  #port = 0
  #isLeftAlone = false
  #isLoaded = false
  /** The app is this export, and not a server that listens. */
  #exported: { readonly value: unknown } | undefined
  #addresses: Promise<readonly (AddressInfo | string)[]> | undefined
  #resolveTaken: () => void = () => {}
  #fail: (error: Error) => void = () => {}

  /** Replaces `listen` for the rest of the process's life, because an app may listen at any time. */
  constructor(adoption: AppAdoption, specifier: string) {
    this.#adoption = adoption
    this.#specifier = specifier
    this.taken = new Promise(resolve => {
      this.#resolveTaken = resolve
    })
    this.failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.failed.catch(() => {})
    const interception = this
    const { listen } = net.Server.prototype
    const replacement = function (this: Server, ...args: unknown[]): Server {
      return interception.#listen(this, args) ?? Reflect.apply(listen, this, args)
    }
    net.Server.prototype.listen = replacement
  }

  /** The server that is the app. */
  get app(): Server | undefined {
    return this.#app?.server
  }

  /** Whether a server of the app listens by itself, at a place where it cannot be adopted. */
  get isLeftAlone(): boolean {
    return this.#isLeftAlone
  }

  /** Resolves when the app can know where it is served. @throws TunicornError `BIND_FAILED` */
  async settled(): Promise<void> {
    await this.#addresses
  }

  /** From now on, a mistake is reported to the server that makes it. */
  loaded(): void {
    this.#isLoaded = true
  }

  /** The app is `value`, and servers that listen are not. */
  useExport(value: unknown): void {
    this.#exported = { value }
    if (this.#app) this.#noteUnserved(this.#app.server, this.#port)
  }

  /** Returns `undefined` when the server should listen as usual. */
  #listen(server: Server, args: readonly unknown[]): Server | undefined {
    if (!isHttpServer(server)) return undefined
    const call = listenCall(args)
    if (!call) {
      this.#isLeftAlone = true
      return undefined
    }
    const known = adoptedServer(server)
    if (known?.isListening) throw alreadyListening()
    if (call.callback) server.once('listening', call.callback)
    call.signal?.addEventListener('abort', () => void server.close(), { once: true })
    known?.reopen()
    this.#adopt(known ?? new AdoptedServer(server, call.asked, () => this.#adoption.closed()), call)
    return server
  }

  #adopt(adopted: AdoptedServer, { asked }: ListenCall): void {
    const isFirst = this.#app === undefined
    if (isFirst) {
      this.#app = adopted
      this.#port = asked.port
      this.#addresses = this.#adoption.settle(asked)
      // The rejection still reaches whoever awaits `settled`, and the server.
      this.#addresses.catch(() => {})
    }
    this.#open(adopted, asked).catch((error: Error) => {
      if (this.#isLoaded) adopted.server.emit('error', error)
      else this.#fail(error)
    })
    if (!isFirst) return
    if (this.#exported) this.#noteUnserved(adopted.server, asked.port)
    else this.#resolveTaken()
  }

  async #open(adopted: AdoptedServer, { port }: AskedAddress): Promise<void> {
    const addresses = (await this.#addresses) ?? []
    const [first = ''] = addresses
    if (port === this.#port) return adopted.opened(first)
    const own = addresses.find(address => typeof address === 'object' && address.port === port)
    if (own === undefined && this.#exported) {
      this.#noteUnserved(adopted.server, port)
      return adopted.opened(first)
    }
    if (own === undefined) throw this.#secondServer(port, addresses)
    this.#app?.others.set(port, adopted.server)
    adopted.opened(own)
  }

  #noteUnserved(server: Server, port: number): void {
    if (this.#exported && !serves(server, this.#exported.value))
      this.#adoption.unserved(
        `The app listens at port ${port}, which is not opened: it exports what is served. Export nothing to have the server that listens served, or set \`adoptListen\` to false`,
      )
  }

  #secondServer(port: number, addresses: readonly (AddressInfo | string)[]): TunicornError {
    const bound = addresses.map(address => (typeof address === 'string' ? address : `port ${address.port}`))
    return new TunicornError(
      'APP_NOT_USABLE',
      `The app \`${this.#specifier}\` has two servers: the first one, which listens at port ${this.#port}, is the app and served at ${bound.join(', ')}; a second one listens at port ${port}, which nothing binds. Add an address with port ${port} to \`bind\`, or let the second one listen at port 0 or at a path`,
    )
  }
}

/** Whether the server passes its requests to `app`, or belongs to `app`. */
export function serves(server: Server, app: unknown): boolean {
  if (app === server || member(app, 'server') === server) return true
  return server.listeners('request').some(listener => listener === app)
}

/** Checks by methods: a server may come from another realm, and loading `https` and `http2` would slow every boot. */
function isHttpServer(server: Server): boolean {
  return hasMethod(server, 'closeAllConnections') || hasMethod(server, 'updateSettings')
}

/** The same error as Node's. */
function alreadyListening(): Error {
  const error = new Error('Listen method has been called more than once without closing.')
  return Object.assign(error, { code: 'ERR_SERVER_ALREADY_LISTEN' })
}
