/** The reasons of exits as metrics name them. A worker may give any reason; a label may have only so many values. */

export const exitReasons = [
  'boot-failed',
  'boot-timeout',
  'broken',
  'close',
  'exited',
  'graceful-timeout',
  'max-age',
  'max-requests',
  'max-rss',
  'oom',
  'other',
  'reload',
  'scale',
  'signal',
  'slow-client',
  'stop',
  'timeout',
  'upgrade',
] as const

export type ExitReason = (typeof exitReasons)[number]

/** `other` for what a worker class made up. */
export function exitReasonOf(kind: string): ExitReason {
  return exitReasons.find(reason => reason === kind) ?? 'other'
}
