/** Why workers are told to end, are replaced, or have ended. */

/** Every kind, which is also every value of the label `reason` in the metrics: a label may have only so many. */
export const reasonKinds = [
  'boot-failed',
  'boot-timeout',
  'broken',
  'close',
  'exited',
  'graceful-timeout',
  'heap',
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

export type ReasonKind = (typeof reasonKinds)[number]

export interface Reason {
  /** For programs. */
  readonly kind: ReasonKind
  /** For people. */
  readonly text: string
}

/** What a worker says of itself begins with its kind: `max-requests: 40 requests served`. What it made up is `other`. */
export function reasonOfWorker(text: string): Reason {
  const [word] = text.split(/[ :]/)
  return { kind: reasonKinds.find(kind => kind === word) ?? 'other', text }
}
