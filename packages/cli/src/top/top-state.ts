/** What is on the screen of `tunicorn top`, and how a key changes it. Pure. */
import type { GroupStatus, ServerStatus, WorkerStatus } from '@tunicorn/arbiter/control'
import { type Sample, withSample } from './traffic.js'

export interface TopState {
  /** Oldest first. Empty: the server has not answered yet. */
  readonly samples: readonly Sample[]
  readonly selected: SelectedWorker | undefined
  /** The server takes longer than expected to answer. */
  readonly isUnanswered: boolean
  /** The result of the last order. */
  readonly note: Note | undefined
  /** The code on disk may be half deployed, so a reload must be confirmed with a second key. */
  readonly isReloadAsked: boolean
  /** Shown in place of the workers until a key is pressed. */
  readonly page: readonly string[] | undefined
}

export interface Note {
  readonly mood: 'plain' | 'bad'
  readonly text: string
}

/** A worker, and where to find its successor. */
interface SelectedWorker {
  readonly age: number
  readonly group: string
  readonly slot: number
}

export type TopOrder =
  | { readonly type: 'reload' }
  | { readonly type: 'scale'; readonly group: string; readonly by: 1 | -1 }
  | { readonly type: 'stack'; readonly worker: number }
  | { readonly type: 'profile'; readonly worker: number }

export interface Pressed {
  readonly state: TopState
  readonly order?: TopOrder | { readonly type: 'quit' }
}

export const firstState: TopState = {
  samples: [],
  selected: undefined,
  isUnanswered: false,
  note: undefined,
  isReloadAsked: false,
  page: undefined,
}

/** The state after an answer of the server. */
export function sampled(state: TopState, sample: Sample): TopState {
  return {
    ...state,
    samples: withSample(state.samples, sample),
    isUnanswered: false,
    selected: stillSelected(sample.status, state.selected),
  }
}

/** `key`: its name in Node's readline, or the character. */
export function pressed(state: TopState, key: string): Pressed {
  if (key === 'q' || key === 'ctrl-c') return { state, order: { type: 'quit' } }
  if (state.page !== undefined) return { state: { ...state, page: undefined } }
  if (state.isReloadAsked) {
    const answered = { ...state, isReloadAsked: false }
    return key === 'y' ? { state: answered, order: { type: 'reload' } } : { state: answered }
  }
  const { selected } = state
  switch (key) {
    case 'up':
    case 'k':
      return { state: moved(state, -1) }
    case 'down':
    case 'j':
      return { state: moved(state, 1) }
    case 'r':
      return { state: { ...state, note: undefined, isReloadAsked: true } }
    case '+':
    case '-':
      if (!selected) return { state }
      return { state, order: { type: 'scale', group: selected.group, by: key === '+' ? 1 : -1 } }
    case 's':
    case 'p':
      if (!selected) return { state }
      return { state, order: { type: key === 's' ? 'stack' : 'profile', worker: selected.age } }
    default:
      return { state }
  }
}

function moved(state: TopState, by: 1 | -1): TopState {
  const status = state.samples.at(-1)?.status
  const all = status ? selectable(status) : []
  const index = all.findIndex(({ age }) => age === state.selected?.age)
  return { ...state, selected: all[Math.min(all.length - 1, Math.max(0, index + by))] }
}

/** The same worker, or else the one that is now in its slot, or else the first of all. */
function stillSelected(
  status: ServerStatus,
  selected: SelectedWorker | undefined,
): SelectedWorker | undefined {
  const all = selectable(status)
  return (
    all.find(({ age }) => age === selected?.age) ??
    all.find(({ group, slot }) => group === selected?.group && slot === selected.slot) ??
    all[0]
  )
}

function selectable({ groups }: ServerStatus): readonly SelectedWorker[] {
  const of = ({ name }: GroupStatus, { age, slot }: WorkerStatus): SelectedWorker => ({
    age,
    group: name,
    slot,
  })
  return groups.flatMap(group => group.workers.map(worker => of(group, worker)))
}
