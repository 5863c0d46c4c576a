/** What a worker class says of its protocol, for one connection. */

/** Carries out a request and writes its answer. If it returns a promise, that is awaited before the next turn. */
export type Turn = () => Promise<void> | undefined

export interface Conversation {
  /**
   * What these bytes ask for, in the order of the answers. A protocol that cannot go on yields a last turn that reports it and
   * ends the connection. An error that it throws is logged, and cuts the connection.
   */
  receive(chunk: Buffer): Iterable<Turn>
  /** A part of a request has arrived, and the rest has not. */
  readonly isWithinRequest: boolean
  /** The rest has not arrived within `headersTimeout`: writes a last answer, after which the connection ends. */
  late?(): void
}
