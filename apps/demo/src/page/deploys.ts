/** The section that deploys under traffic. */
import type { ReloadStatus } from '@tunicorn/arbiter/control'
import type { LaneSummary, Progress } from '../shared/progress.js'
import { find, setText } from './dom.js'
import { count as counted } from './format.js'
import type { Orders } from './orders.js'
import { bindRunButtons } from './run-button.js'

const seconds = 20

/** @returns what to call with a reload that has ended */
export function bindDeploys(
  orders: Orders,
  count: (summary: LaneSummary) => void,
): (reload: ReloadStatus) => void {
  const state = find('deploy-state', HTMLElement)
  bindSteadyTraffic(orders, count)

  let reloads = 0

  const bind = (id: string, isBroken: boolean): void => {
    const button = find(id, HTMLButtonElement)
    button.addEventListener('click', async () => {
      button.disabled = true
      const before = reloads
      try {
        const release = await orders.deploy(isBroken)
        // A busy browser may learn of the end of the reload before it gets to this answer.
        if (reloads === before)
          setText(state, `Release ${release.number} is on the disk; the arbiter reloads…`)
      } catch (error) {
        setText(state, `Not deployed: ${error instanceof Error ? error.message : error}`)
      }
      button.disabled = false
    })
  }
  bind('deploy-good', false)
  bind('deploy-broken', true)

  return ({ result }) => {
    reloads += 1
    const isDone = result === 'done'
    setText(state, isDone ? 'It serves.' : 'It does not boot, so the code before it goes on serving.')
  }
}

function bindSteadyTraffic(orders: Orders, count: (summary: LaneSummary) => void): void {
  const state = find('steady-state', HTMLElement)
  let answered = 0
  let failed = 0
  const report = (progress: Progress): void => {
    if (progress.type !== 'summary') return
    count(progress.summary)
    answered += progress.summary.answered
    failed += progress.summary.failed
  }
  bindRunButtons({
    start: find('steady', HTMLButtonElement),
    stop: find('steady-stop', HTMLButtonElement),
    run: signal => orders.run({ type: 'steady', seconds }, report, signal),
    changed: (now, problem) => {
      if (now === 'running') {
        answered = 0
        failed = 0
      }
      const over = now === 'stopped' ? 'Stopped.' : `${counted(answered, 'answer')}, ${failed} failed.`
      setText(state, now === 'running' ? 'Requests to all four groups…' : (problem ?? over))
    },
  })
}
