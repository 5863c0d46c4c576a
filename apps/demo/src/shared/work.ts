/** The work that every group can be asked for: `POST /work/NAME`. */
export const works = ['fast', 'io', 'cpu', 'leak', 'crash', 'block'] as const

export type Work = (typeof works)[number]

/** What one request for `leak` leaves behind in its process. */
export const leakBytes: number = 8 * 1024 * 1024

export function isWork(value: unknown): value is Work {
  return works.some(work => work === value)
}

/** Work that no worker class can answer: it ends the process, or the process has to be ended. */
export function isFatal(work: Work): boolean {
  return work === 'crash' || work === 'block'
}
