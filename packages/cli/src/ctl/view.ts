/** For whom a text is: the width of the terminal, its colours, and what is known beside the status. */
import { formatDuration } from './quantities.js'

/** A colour that is a plain text when there are none. */
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
  /** What several statuses together tell. Absent: there is one alone, and nothing of this is shown. */
  readonly traffic?: Traffic
  /** Age of the worker with a mark in front. */
  readonly selected?: number | undefined
}

/** Members are absent where nothing is known yet, or nothing has ended. */
export interface GroupTraffic {
  readonly perSecond?: number
  /** Half of the requests, and 99 of 100, did not take longer: `≤ 5 ms`. */
  readonly p50?: string
  readonly p99?: string
}

export interface Traffic {
  readonly groups: ReadonlyMap<string, GroupTraffic>
  /** Requests that begin per second, by age of the worker. */
  readonly workers: ReadonlyMap<number, number>
}

export function since(at: string, now: number): string {
  return formatDuration(now - Date.parse(at))
}

/** One line, whatever it holds. What is cut off is in `--json`. */
export function cut(text: string, { width }: Pick<View, 'width'>, paint: Paint = plain => plain): string {
  return paint(text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`)
}
