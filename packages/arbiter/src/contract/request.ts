/** What is known of a request when it begins. Not tied to HTTP: `method` and `target` are the protocol's own words. */
export interface RequestHead {
  readonly method: string
  /** The target as the client sent it. */
  readonly target: string
  /** For example `HTTP/1.1`. */
  readonly protocol?: string
  /**
   * Address of the client, absent on Unix sockets. Who wants it at the end reads it at the beginning too: it is asked of
   * the connection, which may be gone by then.
   */
  readonly remoteAddress?: string | undefined
  /** Value of a request header by lower-case name; called only when a log format or a hook needs it. */
  header?(name: string): string | undefined
}

/**
 * How a request ended. Metrics count it by the class of its `status`; one that was sent without a status, or with 1xx, lasted
 * as long as its connection and is not in their latency.
 */
export type RequestOutcome =
  /** The whole response was handed to the socket. `bytes` counts the body. */
  | { readonly type: 'sent'; readonly status?: number; readonly bytes?: number }
  /** The client left, or the response was cut at a deadline. */
  | { readonly type: 'aborted'; readonly status?: number; readonly bytes?: number }
  /** The app or the server failed. */
  | { readonly type: 'failed'; readonly status?: number; readonly bytes?: number; readonly error?: unknown }
