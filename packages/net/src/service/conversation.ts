/** What a worker class says of its protocol, for one connection. */

/** Carries out a request, and writes its answer. A promise is awaited before the next one has its turn. */
export type Turn = () => Promise<void> | undefined

export interface Conversation {
  /**
   * What these bytes ask for, in the order of the answers. A protocol that cannot go on gives a last turn that says so and ends
   * the connection. What it throws is logged, and cuts the connection.
   */
  receive(chunk: Buffer): Iterable<Turn>
  /** A part of a request has come, and the rest has not. */
  readonly isWithinRequest: boolean
  /** The rest has not come within `headersTimeout`: last words, after which the connection ends. */
  late?(): void
}
