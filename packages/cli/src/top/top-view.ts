/** The screen of `tunicorn top`: as many lines as fit, none longer than the terminal is wide. Pure. */
import sliceAnsi from 'slice-ansi'
import { statusView } from '../ctl/status-view.js'
import type { Paints, View } from '../ctl/view.js'
import { selectedMark } from '../ctl/worker-lines.js'
import type { TopState } from './top-state.js'
import { trafficOf } from './traffic.js'

export interface Screen extends Pick<View, 'now' | 'width' | 'paint'> {
  /** Lines. */
  readonly height: number
}

const reloadQuestion = 'Reload: read the configuration and replace every worker? y/n'

export function topView(state: TopState, screen: Screen): readonly string[] {
  const foot = footLines(state, screen)
  const body = bodyLines(state, screen)
  const room = Math.max(1, screen.height - foot.length)
  const shown = state.page === undefined ? around(body, selectedLine(body), room) : body.slice(0, room)
  return [...shown, ...foot].slice(-screen.height).map(line => sliceAnsi(line, 0, screen.width))
}

function bodyLines(state: TopState, { now, width, paint }: Screen): readonly string[] {
  if (state.page !== undefined) return state.page
  const status = state.samples.at(-1)?.status
  if (!status) return ['Waiting for the server…']
  const traffic = trafficOf(state.samples)
  const text = statusView(status, { now, width, paint, traffic, selected: state.selected?.age })
  return text.trimEnd().split('\n')
}

function footLines(state: TopState, { paint }: Screen): readonly string[] {
  const { isReloadAsked, page, selected } = state
  if (page !== undefined) return ['', paint.dim('q quit  any other key: back')]
  const group = selected === undefined ? '' : ` ${selected.group}`
  const worker = selected === undefined ? '' : ` of ${selected.age}`
  const keys = `q quit  r reload  up/down worker  s stack, p profile${worker}  +/- scale${group}`
  const line = isReloadAsked ? paint.yellow(reloadQuestion) : paint.dim(keys)
  return [noteText(state, paint), line]
}

function noteText({ isUnanswered, note }: TopState, paint: Paints): string {
  if (isUnanswered)
    return paint.red('The server does not answer: its process may be stopped, or have no processor')
  if (note === undefined) return ''
  return note.mood === 'bad' ? paint.red(note.text) : note.text
}

function selectedLine(lines: readonly string[]): number {
  return Math.max(
    0,
    lines.findIndex(line => line.startsWith(selectedMark)),
  )
}

/** `room` lines that include the one at `index`, near the middle if possible. */
function around(lines: readonly string[], index: number, room: number): readonly string[] {
  const first = Math.max(0, Math.min(index - Math.floor(room / 2), lines.length - room))
  return lines.slice(first, first + room)
}
