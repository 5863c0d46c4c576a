/** What a text is made for: the width of the terminal, its colours, and what is known beyond the status. */
import { formatDuration } from './quantities.js'

/** Applies a colour, or returns the plain text when there are no colours. */
export type Paint = (text: string) => string

export interface Paints {
  readonly bold: Paint
  readonly dim: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly red: Paint
}

export interface View {
  /** Wall time in milliseconds. */
  readonly now: number
  /** Characters in a line. */
  readonly width: number
  readonly paint: Paints
  /** What several statuses together show. Absent: there is only one, and none of this is shown. */
  readonly traffic?: Traffic
  /** Age of the worker that is marked. */
  readonly selected?: number | undefined
}

/** Members are absent if nothing is known yet or no request has ended. */
export interface GroupTraffic {
  readonly perSecond?: number
  /** Half of the requests, and 99 of 100, took no longer than this: `≤ 5 ms`. */
  readonly p50?: string
  readonly p99?: string
}

export interface Traffic {
  readonly groups: ReadonlyMap<string, GroupTraffic>
  /** Requests begun per second, by age of the worker. */
  readonly workers: ReadonlyMap<number, number>
}

export function since(at: string, now: number): string {
  return formatDuration(now - Date.parse(at))
}

/** Makes a single line that fits. `--json` has what is cut off. */
export function cut(text: string, { width }: Pick<View, 'width'>, paint: Paint = plain => plain): string {
  return paint(text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`)
}
