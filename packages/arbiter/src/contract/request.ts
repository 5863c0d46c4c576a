/** What is known of a request when it begins. Not tied to HTTP: `method` and `target` are the protocol's own words. */
export interface RequestHead {
  readonly method: string
  /** The target as the client sent it. */
  readonly target: string
  /** For example `HTTP/1.1`. */
  readonly protocol?: string
  /** The id by which log lines of other programs know the request. Absent where `requestIdHeader` is off. */
  readonly id?: string | undefined
  /**
   * When the request began, in milliseconds of `performance.now()`, for a worker class that reads the clock anyway.
   * @default when {@link WorkerContext.beginRequest} is called
   */
  readonly startedAtMs?: number
  /**
   * Address of the client, absent on Unix sockets. It is read from the connection, which may be gone at the end of the
   * request: code that needs it then has to read it at the beginning too.
   */
  readonly remoteAddress?: string | undefined
  /** Value of a request header by lower-case name; called only when a log format or a hook needs it. */
  header?(name: string): string | undefined
}

/**
 * How a request ended. Metrics count it by the class of its `status`. A request that was sent with 1xx lasted
 * as long as its connection and is not in their latency.
 */
export type RequestOutcome =
  /** The whole response was handed to the socket. */
  | ({ readonly type: 'sent' } & ResponseSummary)
  /** The client left, or the response was cut at a deadline. */
  | ({ readonly type: 'aborted' } & ResponseSummary)
  /** The app or the server failed. */
  | ({ readonly type: 'failed'; readonly error?: unknown } & ResponseSummary)

/** What is known of a response. Parts that are not known are left out. */
export interface ResponseSummary {
  readonly status?: number
  /** Bytes of the body that were handed to the socket. */
  readonly bytes?: number
  /** Value of a response header by lower-case name; called only while the outcome is being reported. */
  header?(name: string): string | undefined
}

/** What the host uses of a response beyond its status. What is `false` need not be determined, so it need not cost anything. */
export interface OutcomeDetails {
  readonly bytes: boolean
  readonly header: boolean
}

/** Is told of each request. Called on the path of every one. */
export interface RequestObserver {
  begun(head: RequestHead): void
  /** Called once. Milliseconds of `performance.now()`. */
  ended(head: RequestHead, outcome: RequestOutcome, startedAtMs: number, endedAtMs: number): void
}
