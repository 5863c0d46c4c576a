/**
 * Bodies that reached the thread in one piece, for apps of kind `fetch`. The request that such an app gets reads its
 * bytes through a web stream, which costs many times more than the rest of a small request.
 */
import type { IncomingMessage } from 'node:http'
import type { LoadedApp } from '@tunicorn/arbiter/worker'

type Bytes = Uint8Array<ArrayBuffer>

export class WholeBodies {
  readonly #bodies = new WeakMap<object, Bytes>()

  add(req: IncomingMessage, body: Bytes): void {
    this.#bodies.set(req, body)
  }

  /** The app, given requests whose `arrayBuffer` is quick. Apps of other kinds are returned as they are. */
  speedUp(app: LoadedApp): LoadedApp {
    const { kind, value } = app
    if (kind !== 'fetch' || !hasFetch(value)) return app
    return { kind, value: { fetch: (request: Request) => value.fetch(this.#quick(request)) } }
  }

  #quick(request: Request): Request {
    const body = this.#bodies.get(nodeRequestOf(request) ?? request)
    if (body === undefined) return request
    const slow = request.arrayBuffer
    let isRead = false
    const arrayBuffer = async (): Promise<ArrayBuffer> => {
      // Refuses what was used already, in the words of the request itself.
      if (isRead || request.bodyUsed) return await Reflect.apply(slow, request, [])
      isRead = true
      // Uses the body up, for whoever asks the request for it later.
      await request.text()
      // A copy: what the app does with it is its own business.
      return new Uint8Array(body).buffer
    }
    return Object.defineProperty(request, 'arrayBuffer', {
      configurable: true,
      writable: true,
      value: arrayBuffer,
    })
  }
}

function hasFetch(value: unknown): value is { fetch(request: Request): unknown } {
  return typeof value === 'object' && value !== null && 'fetch' in value && typeof value.fetch === 'function'
}

/** srvx, which makes the requests, says what each was made from. */
function nodeRequestOf(request: Request): object | undefined {
  const runtime: unknown = Reflect.get(request, 'runtime')
  const node: unknown = isObject(runtime) ? Reflect.get(runtime, 'node') : undefined
  const req: unknown = isObject(node) ? Reflect.get(node, 'req') : undefined
  return isObject(req) ? req : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
