/** What speaks to a worker: the client side of its protocol, and the apps that the suite runs on it. */
import type { AppKind, Listener } from '@tunicorn/arbiter/worker'

/**
 * What a fixture app does with a request that names the act. It tells the `stage` that it was created with.
 *
 * - `echo`: answers at once.
 * - `hold`: tells `hold`, waits for the cue `hold`, then answers.
 * - `leave`: tells `leave`, waits until the client has left, then tells `left`; never answers.
 * - `block`: tells `block`, then blocks its thread forever.
 * - `reject`: creates a rejected promise that nobody handles, tells `reject`, and may answer.
 * - `throw`: throws an error. The answer is the one that the protocol has for a failure, without any detail of the error.
 */
export type Act = 'echo' | 'hold' | 'leave' | 'block' | 'reject' | 'throw'

/** A connection to a worker. */
export interface DriverClient {
  /**
   * Sends one request and resolves when its whole answer has arrived and is right for the act. Rejects when the answer is
   * wrong, or when the connection ends first.
   */
  request(act: Act): Promise<DriverAnswer>
  /** Resolves when the connection is closed, by either side and in any way. */
  readonly closed: Promise<void>
  /** Destroys the connection at once. */
  leave(): void
}

export interface DriverAnswer {
  /** Whether the server said that it closes the connection after this answer. Absent if the protocol cannot express that. */
  readonly isLast?: boolean
}

export interface Driver {
  /** `http` selects the clauses about HTTP. Any other name leaves them out. */
  readonly protocol: string
  /** The acts that the fixture apps know. Clauses that need any other act do not apply. */
  readonly acts: readonly Act[]
  /** For every app kind, a module with a fixture app. Its default export is a `CreateApp`. */
  readonly apps: Readonly<Record<AppKind, string | URL>>
  /** Connects. Rejects with the error of the socket when the worker does not accept. */
  connect(address: Listener['address']): Promise<DriverClient>
}
