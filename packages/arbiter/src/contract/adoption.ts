/** What is said between an app that listens by itself and whoever serves it. */
import type { AddressInfo } from 'node:net'

/** Where an app has asked to listen. */
export interface AskedAddress {
  /** Absent: every interface. */
  readonly host?: string | undefined
  /** Above 0. */
  readonly port: number
}

/**
 * How an app that calls `listen` is served without opening a port of its own. A worker gets one as `context.app.adoption`;
 * who loads the app elsewhere, as in a thread, passes it on to `loadApp`.
 */
export interface AppAdoption {
  /** Milliseconds for which an app that exports nothing may take to listen; 0 = for ever. */
  readonly patienceMs: number
  /**
   * Resolves with the addresses that the worker accepts at. `asked` decides them where the configuration does not.
   *
   * @throws TunicornError `BIND_FAILED`
   */
  settle(asked: AskedAddress): Promise<readonly (AddressInfo | string)[]>
  /** The app has closed its server: this worker is to be replaced, and then drains. */
  closed(): void
  /** A server of the app's was given no port, although the app is another one. `text` says which. */
  unserved(text: string): void
}
