/** The tiles with the verdicts: one for each step of the guided minute. */
import { element, find, setText } from '../dom.js'
import { seconds } from '../format.js'
import { stepFacts, type TourStep, tourSteps, type Verdict } from './tour-step.js'

export type TileState = 'recorded' | 'waiting' | 'running' | 'good' | 'bad'

const stateNames: Readonly<Record<TileState, string>> = {
  recorded: 'recorded',
  waiting: 'waiting',
  running: 'now',
  good: 'shown',
  bad: 'not as promised',
}

interface Tile {
  readonly node: HTMLLIElement
  readonly state: HTMLElement
  readonly figure: HTMLElement
  readonly text: HTMLElement
}

export class Tiles {
  readonly #tiles: ReadonlyMap<TourStep, Tile>
  readonly #stack = find('tour-stack', HTMLElement)
  readonly #stackBox = find('tour-stack-box', HTMLElement)

  constructor(list: HTMLElement) {
    this.#tiles = new Map(tourSteps.map(step => [step, makeTile(step)]))
    list.append(...[...this.#tiles.values()].map(({ node }) => node))
  }

  show(step: TourStep, state: TileState, verdict?: Pick<Verdict, 'figure' | 'text'>): void {
    const tile = this.#tiles.get(step)
    if (!tile) return
    tile.node.dataset.state = state
    tile.node.classList.remove('alarm')
    if (state === 'running') tile.node.setAttribute('aria-current', 'step')
    else tile.node.removeAttribute('aria-current')
    setText(tile.state, stateNames[state])
    setText(tile.figure, verdict?.figure ?? '…')
    setText(tile.text, verdict?.text ?? stepFacts[step].sentence)
  }

  /** Shows how long a worker has been blocked, while the step about it runs. Undefined if none is blocked. */
  countSilence(silentMs: number | undefined): void {
    const tile = this.#tiles.get('blocked')
    if (tile?.node.dataset.state !== 'running') return
    tile.node.classList.toggle('alarm', silentMs !== undefined)
    if (silentMs !== undefined) setText(tile.figure, `silent for ${seconds(silentMs / 1_000)}`)
  }

  /** Shows what the blocked worker was doing. Hides the box if there are no lines. */
  showStack(lines: readonly string[]): void {
    this.#stackBox.hidden = lines.length === 0
    setText(this.#stack, lines.join('\n'))
  }
}

function makeTile(step: TourStep): Tile {
  const { title } = stepFacts[step]
  const state = element('span', { class: 'tile-state' })
  const figure = element('p', { class: 'figure' })
  const text = element('p', { class: 'tile-text' })
  const heading = element('h3', {}, title)
  const head = element('div', { class: 'tile-head' }, heading, state)
  const node = element('li', { class: 'verdict', 'data-step': step }, head, figure, text)
  return { node, state, figure, text }
}
