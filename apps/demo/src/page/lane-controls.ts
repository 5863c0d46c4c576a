/** The controls of a group: they change its number of workers, and send it requests. */
import { type Lane, scalableLanes } from '../shared/lane.js'
import { type Work, works } from '../shared/work.js'
import { element } from './dom.js'

const workNames: Readonly<Record<Work, string>> = {
  fast: 'fast: answers at once',
  io: 'io: waits 100 ms',
  cpu: 'cpu: computes for 200 ms',
  leak: 'leak: keeps 8 MB, until 220 MB recycle the worker',
  crash: 'crash: throws where nobody catches',
  block: 'block: computes forever',
}

const burst = 20

/** `target` shows how many workers the group should have. */
export function scaleControls(lane: Lane, target: HTMLElement, scale: (by: 1 | -1) => void): HTMLElement {
  target.setAttribute('aria-label', `Workers of ${lane}`)
  const controls = element('div', { class: 'actions scale', title: 'Number of workers' }, target)
  if (!scalableLanes.includes(lane)) return controls
  const fewer = { 'aria-label': `One worker fewer for ${lane}`, onclick: () => scale(-1) }
  const more = { 'aria-label': `One worker more for ${lane}`, onclick: () => scale(1) }
  target.before(element('button', fewer, '−'))
  target.after(element('button', more, '+'))
  return controls
}

export function sendControls(lane: Lane, send: (work: Work, requests: number) => void): HTMLElement {
  const options = works.map(work => element('option', { value: work }, workNames[work]))
  const select = element('select', { 'aria-label': `Kind of request to ${lane}` }, ...options)
  const button = (requests: number): HTMLButtonElement => {
    const sendSome = (): void => {
      const work = works[select.selectedIndex]
      if (work !== undefined) send(work, requests)
    }
    return element(
      'button',
      { 'aria-label': `Send ${requests} to ${lane}`, onclick: sendSome },
      `Send ${requests}`,
    )
  }
  return element('p', { class: 'actions' }, select, button(1), button(burst))
}
