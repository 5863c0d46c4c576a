/** Decides by the longest path prefix which requests run in a thread and which on the event loop. */

interface Route {
  readonly prefix: string
  readonly isLoop: boolean
}

/**
 * A prefix matches whole segments: `/health` matches `/health`, `/health/db` and `/health?full`, but not `/healthy`;
 * `/` matches everything. A request that matches no prefix runs in a thread.
 */
export class PathRoutes {
  readonly #routes: readonly Route[]

  constructor(threadPaths: readonly string[], loopPaths: readonly string[]) {
    this.#routes = [
      ...threadPaths.map(prefix => ({ prefix: withoutSlash(prefix), isLoop: false })),
      ...loopPaths.map(prefix => ({ prefix: withoutSlash(prefix), isLoop: true })),
    ].sort((a, b) => b.prefix.length - a.prefix.length)
  }

  /** Whether the app is needed on the event loop. */
  get needsLoop(): boolean {
    return this.#routes.some(route => route.isLoop)
  }

  /** Takes a request target as it arrived. */
  isLoop(target: string): boolean {
    if (!this.needsLoop) return false
    const path = pathOf(target)
    if (path === undefined) return false
    return this.#routes.find(({ prefix }) => matches(path, prefix))?.isLoop ?? false
  }
}

function matches(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/')
}

function withoutSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix.slice(0, -1) : prefix
}

/**
 * The path as a framework would see it. An app may resolve `/health/../report` or decode `/%72eport`. Such a spelling must not
 * get a heavy request onto the event loop.
 */
function pathOf(target: string): string | undefined {
  const end = target.search(/[?#]/)
  const path = end < 0 ? target : target.slice(0, end)
  if (path.startsWith('/') && !/[%\\]|\/\.|\/\//.test(path)) return path
  try {
    const { pathname } = new URL(path, 'http://localhost')
    return decodeURIComponent(pathname).replace(/\/{2,}/g, '/')
  } catch {
    // A target that is not a URL runs in a thread, whatever the prefixes.
    return undefined
  }
}
