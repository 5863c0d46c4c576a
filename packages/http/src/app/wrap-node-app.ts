/** An app with some of its members replaced. */
import type { ExchangeHandler, NodeApp, TunnelHandler } from './node-app.js'

/** Every member, so that one that is added to `NodeApp` is not forgotten here. */
type Members = { readonly [Name in keyof Required<NodeApp>]: NodeApp[Name] }

/**
 * The app with the members of `overrides` in place of its own. All others are those of the app at the time when they are
 * read. `{ ...app, request }` would lose them: most apps have their members on a prototype, where a spread does not look. A
 * member that is `undefined` removes that of the app.
 *
 * `request` does not get everything: a request with `Expect` goes to `checkContinue` or `checkExpectation`, and one that takes
 * over its socket goes to `upgrade` or `connect`, where the app has them.
 */
export function wrapNodeApp(app: NodeApp, overrides: Partial<NodeApp>): NodeApp {
  return new WrappedApp(app, overrides)
}

class WrappedApp implements NodeApp, Members {
  readonly #app: NodeApp
  readonly #overrides: Partial<NodeApp>
  /** Not looked up for each request. */
  readonly request: NodeApp['request']

  constructor(app: NodeApp, overrides: Partial<NodeApp>) {
    this.#app = app
    this.#overrides = overrides
    this.request = overrides.request?.bind(overrides) ?? app.request.bind(app)
  }

  get upgrade(): TunnelHandler | undefined {
    const owner = this.#ownerOf('upgrade')
    return owner.upgrade?.bind(owner)
  }

  get wantsUpgrade(): NodeApp['wantsUpgrade'] {
    const owner = this.#ownerOf('wantsUpgrade')
    return owner.wantsUpgrade?.bind(owner)
  }

  get connect(): TunnelHandler | undefined {
    const owner = this.#ownerOf('connect')
    return owner.connect?.bind(owner)
  }

  get checkContinue(): ExchangeHandler | undefined {
    const owner = this.#ownerOf('checkContinue')
    return owner.checkContinue?.bind(owner)
  }

  get checkExpectation(): ExchangeHandler | undefined {
    const owner = this.#ownerOf('checkExpectation')
    return owner.checkExpectation?.bind(owner)
  }

  get watchUpgrade(): NodeApp['watchUpgrade'] {
    const owner = this.#ownerOf('watchUpgrade')
    return owner.watchUpgrade?.bind(owner)
  }

  get requestsDone(): NodeApp['requestsDone'] {
    const owner = this.#ownerOf('requestsDone')
    return owner.requestsDone?.bind(owner)
  }

  get close(): NodeApp['close'] {
    const owner = this.#ownerOf('close')
    return owner.close?.bind(owner)
  }

  #ownerOf(name: keyof NodeApp): Partial<NodeApp> {
    return name in this.#overrides ? this.#overrides : this.#app
  }
}
