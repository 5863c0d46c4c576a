/** Decides what to do about a request that takes too long. Pure. */

export interface TimedRequest {
  /** When the thread or the client last did something, or when the request was aborted. */
  readonly touchedAtMs: number
  readonly abort: 'left' | 'timeout' | undefined
  readonly isWaitingForClient: boolean
}

export interface TimeLimits {
  /** How long a handler may be silent; 0 = forever. */
  readonly timeoutMs: number
  /** How long a handler gets to stop after a timeout has aborted it. */
  readonly graceMs: number
}

/**
 * `timeout`: answer in its place and abort it. `terminate`: it was aborted and has not stopped, so only the end of its thread
 * stops it. A handler whose client has left gets the whole timeout.
 */
export function timeoutVerdict(
  request: TimedRequest,
  nowMs: number,
  { timeoutMs, graceMs }: TimeLimits,
): 'wait' | 'timeout' | 'terminate' {
  if (timeoutMs === 0 || request.isWaitingForClient) return 'wait'
  const silentMs = nowMs - request.touchedAtMs
  if (request.abort === undefined) return silentMs >= timeoutMs ? 'timeout' : 'wait'
  return silentMs >= (request.abort === 'timeout' ? graceMs : timeoutMs) ? 'terminate' : 'wait'
}
