/** Formats quantities in few characters. */

/** `850 ms`, `12 s`, `3 m 20 s`, `2 h 5 m`, `4 d 3 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = Math.floor(ms / 1_000)
  const [minutes, hours, days] = [
    Math.floor(seconds / 60),
    Math.floor(seconds / 3_600),
    Math.floor(seconds / 86_400),
  ]
  if (days > 0) return `${days} d ${hours % 24} h`
  if (hours > 0) return `${hours} h ${minutes % 60} m`
  return minutes > 0 ? `${minutes} m ${seconds % 60} s` : `${seconds} s`
}

/** `58 MiB`, `1.2 GiB`. */
export function formatBytes(bytes: number): string {
  const mebibytes = bytes / 1_048_576
  return mebibytes < 1_000 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1_024).toFixed(1)} GiB`
}

/** `7 %` for 0.07. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** `0`, `0.4`, `12`, `1200`: a rate per second; `-` when it is not known. */
export function formatRate(perSecond: number | undefined): string {
  if (perSecond === undefined) return '-'
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : String(Math.round(perSecond))
}

/** Makes text from apps and clients safe for a terminal: nothing in it can move the cursor or change a colour. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD')
}
