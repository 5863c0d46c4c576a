/** Why workers are told to end, are replaced, or have ended. */

/** Every kind. These are also the values of the label `reason` in the metrics, and a label may have only a limited number. */
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

/** A reason from a worker begins with its kind: `max-requests: 40 requests served`. An unknown kind becomes `other`. */
export function reasonOfWorker(text: string): Reason {
  const [word] = text.split(/[ :]/)
  return { kind: reasonKinds.find(kind => kind === word) ?? 'other', text }
}
