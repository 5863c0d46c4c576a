/** An app with some of its members replaced. */
import type { ExchangeHandler, NodeApp, TunnelHandler } from './node-app.js'

/** Every member, so that a new member of `NodeApp` cannot be forgotten here. */
type Members = { readonly [Name in keyof Required<NodeApp>]: NodeApp[Name] }

/**
 * The app with the members of `overrides` in place of its own. All other members are read from the app each time they are
 * used. `{ ...app, request }` would lose them: most apps have their members on a prototype, which a spread ignores. A member
 * that is `undefined` removes that of the app.
 *
 * `request` does not get everything. If the app has the handlers, a request with `Expect` goes to `checkContinue` or
 * `checkExpectation`, and one that takes over its socket goes to `upgrade` or `connect`.
 */
export function wrapNodeApp(app: NodeApp, overrides: Partial<NodeApp>): NodeApp {
  return new WrappedApp(app, overrides)
}

class WrappedApp implements NodeApp, Members {
  readonly #app: NodeApp
  readonly #overrides: Partial<NodeApp>
  /** Kept here, so that it is not looked up for each request. */
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
