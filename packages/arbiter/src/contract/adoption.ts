/** What passes between an app that itself listens and the code that serves it. */
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
 * code that loads the app elsewhere, as in a thread, passes it on to `loadApp`.
 */
export interface AppAdoption {
  /** Milliseconds that an app that exports nothing may take to listen; 0 = no limit. */
  readonly patienceMs: number
  /**
   * Resolves with the addresses that the worker accepts at. `asked` decides them where the configuration does not.
   *
   * @throws TunicornError `BIND_FAILED`
   */
  settle(asked: AskedAddress): Promise<readonly (AddressInfo | string)[]>
  /** The app has closed its server: this worker will be replaced, and then drains. */
  closed(): void
  /** A server of the app got no port, because the app exports what is served. `text` says which. */
  unserved(text: string): void
}
