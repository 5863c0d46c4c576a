/** How a worker class defines its protocol for one connection. */

/** Carries out a request and writes its answer. If it returns a promise, that is awaited before the next turn. */
export type Turn = () => Promise<void> | undefined

export interface Conversation {
  /**
   * The requests in these bytes, in the order of the answers. A protocol that cannot continue yields a last turn that reports that
   * and ends the connection. An error thrown here is logged, and cuts the connection.
   */
  receive(chunk: Buffer): Iterable<Turn>
  /** A part of a request has arrived, but not the rest. */
  readonly isWithinRequest: boolean
  /** The rest has not arrived within `headersTimeout`. Writes a last answer, after which the connection ends. */
  late?(): void
}
