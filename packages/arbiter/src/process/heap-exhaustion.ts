/** What a process leaves when the heap of V8 is exhausted. It is text of a process that runs app code: it may be anything. */

export interface HeapExhaustion {
  /** Bytes. Absent: it is not known. */
  readonly limit?: number
}

/** In the beginning of one of Node's diagnostic reports, which may be cut. */
export function heapExhaustionIn(report: string): HeapExhaustion | undefined {
  if (!/^\{"header":\{[^}]*"trigger":"OOMError"/.test(report)) return undefined
  const limit = Number(/"memoryLimit":(\d{1,15})/.exec(report)?.[1] ?? Number.NaN)
  return Number.isNaN(limit) ? {} : { limit }
}

/** In what V8 prints. */
export function saysHeapExhaustion(line: string): boolean {
  return /^FATAL ERROR: .*JavaScript heap out of memory$/.test(line)
}
