/** What speaks to a worker: the client side of its protocol, and the apps that the suite runs on it. */
import type { AppKind, Listener } from '@tunicorn/arbiter/worker'

/**
 * What a fixture app does with a request that names the act. `stage` is what the app was created with.
 *
 * - `echo`: answers at once.
 * - `hold`: tells `hold`, waits for the cue `hold`, then answers.
 * - `leave`: tells `leave`, waits until the client has left, then tells `left`; never answers.
 * - `block`: tells `block`, then blocks its thread forever.
 * - `reject`: leaves a rejected promise behind that nobody handles, tells `reject`, and may answer.
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
  /** Whether the server said that it closes the connection after this answer. Absent: the protocol cannot express that. */
  readonly isLast?: boolean
}

export interface Driver {
  /** `http` selects the clauses about HTTP. Any other name leaves them out. */
  readonly protocol: string
  /** The acts that the fixture apps know. Clauses that need another one do not apply. */
  readonly acts: readonly Act[]
  /** A module with a fixture app for every app kind: its default export is a `CreateApp`. */
  readonly apps: Readonly<Record<AppKind, string | URL>>
  /** Connects. Rejects with the error of the socket when the worker does not accept. */
  connect(address: Listener['address']): Promise<DriverClient>
}
