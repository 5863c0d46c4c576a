/** What the page shows before anything has happened: an earlier run, recorded by `npm run record`. */
import type { Progress } from '../shared/progress.js'
import type { Journal } from './journal.js'
import type { MixedLoad } from './mixed-load.js'
import run from './recorded-run.json' with { type: 'json' }
import type { JournalLevel } from './status-changes.js'
import type { Tiles } from './tour/tiles.js'
import { tourSteps, type Verdict } from './tour/tour-step.js'

/** What `scripts/record-run.mjs` writes. */
interface RecordedRun {
  /** When and on what machine it was recorded. */
  readonly note: string
  readonly verdicts: Readonly<Record<string, Pick<Verdict, 'figure' | 'text'>>>
  readonly stack: readonly string[]
  readonly journal: readonly { readonly level: JournalLevel; readonly text: string }[]
  readonly mixed: readonly Progress[]
}

export interface RecordedParts {
  readonly note: HTMLElement
  readonly tiles: Tiles
  readonly journal: Journal
  readonly mixed: MixedLoad
}

export function showRecorded({ note, tiles, journal, mixed }: RecordedParts): void {
  // Made by our script, from this page.
  const recorded = run as RecordedRun
  note.textContent = recorded.note
  for (const step of tourSteps) tiles.show(step, 'recorded', recorded.verdicts[step])
  tiles.showStack(recorded.stack)
  journal.showRecorded(recorded.journal)
  mixed.showRecorded(recorded.mixed)
}
