/** What a process leaves behind when V8's heap is exhausted. The text comes from a process that runs app code, so it may be anything. */

export interface HeapExhaustion {
  /** Bytes. Absent if unknown. */
  readonly limit?: number
}

/** Finds it in the beginning of one of Node's diagnostic reports, which may be truncated. */
export function heapExhaustionIn(report: string): HeapExhaustion | undefined {
  if (!/^\{"header":\{[^}]*"trigger":"OOMError"/.test(report)) return undefined
  const limit = Number(/"memoryLimit":(\d{1,15})/.exec(report)?.[1] ?? Number.NaN)
  return Number.isNaN(limit) ? {} : { limit }
}

/** Recognises it in what V8 prints. */
export function saysHeapExhaustion(line: string): boolean {
  return /^FATAL ERROR: .*JavaScript heap out of memory$/.test(line)
}
