/** The button that starts the guided minute, and what the page says while it runs. */
import { find, setText } from '../dom.js'
import { seconds } from '../format.js'
import { bindRunButtons } from '../run-button.js'
import { silenceOf } from '../silence.js'
import type { Tiles } from './tiles.js'
import { Tour, type TourParts } from './tour.js'
import { stepFacts, type TourStep, tourSteps } from './tour-step.js'

const tickMs = 100
/** Ends the wait for a server that does not recover from a step. */
const patienceMs = 180_000
/** These would get in the way of the steps. */
const otherButtons = ['mixed', 'steady', 'deploy-good', 'deploy-broken']

export function bindShowMe(parts: Omit<TourParts, 'begin' | 'end' | 'showStack'>, tiles: Tiles): void {
  const state = find('tour-state', HTMLElement)
  const progress = find('tour-progress', HTMLProgressElement)
  let tookMs = 0

  const begin = (step: TourStep): void => {
    tiles.show(step, 'running')
    const number = tourSteps.indexOf(step) + 1
    progress.value = number - 1
    setText(state, `${number} of ${tourSteps.length}: ${stepFacts[step].sentence}`)
  }
  const run = async (stopped: AbortSignal): Promise<void> => {
    const start = performance.now()
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(patienceMs)])
    for (const step of tourSteps) tiles.show(step, 'waiting')
    tiles.showStack([])
    find('tour-note', HTMLElement).hidden = true
    const counting = setInterval(() => countSilence(parts, tiles), tickMs)
    const tour = new Tour(
      {
        ...parts,
        begin,
        end: (step, verdict) => tiles.show(step, verdict.isGood ? 'good' : 'bad', verdict),
        showStack: lines => tiles.showStack(lines),
      },
      signal,
    )
    setOthers(false)
    try {
      await tour.run()
    } finally {
      clearInterval(counting)
      tiles.countSilence(undefined)
      setOthers(true)
      tookMs = performance.now() - start
    }
    progress.value = tourSteps.length
  }
  bindRunButtons({
    start: find('show-me', HTMLButtonElement),
    stop: find('show-me-stop', HTMLButtonElement),
    run,
    changed: (now, problem) => {
      find('tour', HTMLElement).dataset.state = now
      if (now === 'problem') setText(state, `It did not come to its end: ${problem}`)
      if (now === 'stopped') setText(state, 'Stopped.')
      if (now === 'done') setText(state, `Done, in ${seconds(tookMs / 1_000)}.`)
    },
  })
}

function setOthers(isEnabled: boolean): void {
  for (const id of otherButtons) find(id, HTMLButtonElement).disabled = !isEnabled
}

/** Counts how long the blocked worker has been silent, which goes on between two statuses. */
function countSilence({ live }: Pick<TourParts, 'live'>, tiles: Tiles): void {
  const { seen } = live
  if (!seen) return
  const workers = seen.status.groups.find(({ name }) => name === 'live')?.workers ?? []
  const silentMs = workers.map(worker => silenceOf(worker, seen.at)).find(ms => ms !== undefined)
  tiles.countSilence(silentMs === undefined ? undefined : silentMs + performance.now() - seen.receivedAt)
}
