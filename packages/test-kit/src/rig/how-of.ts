/** How a process ended, in words: the signal, or the code. */
export function howOf({
  code,
  signal,
}: {
  readonly code: number | null
  readonly signal: string | null
}): string {
  return signal === null ? `code ${code}` : signal
}
