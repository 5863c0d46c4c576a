/**
 * What the journal says when the status of the server changes. Not every change is worth a line.
 *
 * It compares statuses instead of reporting events, because the stream of events breaks with the worker that sends it.
 * What happened in between is in the next status.
 */
import type { ExitStatus, GroupStatus, ReloadStatus, ServerStatus } from '@tunicorn/arbiter/control'

/** `warn`: something has gone wrong and is being dealt with. `bad`: somebody has to do something. */
export type JournalLevel = 'good' | 'plain' | 'warn' | 'bad'

export interface JournalLine {
  readonly level: JournalLevel
  readonly text: string
}

export class StatusChanges {
  #last: ServerStatus
  /** Ages of workers whose end was reported, or that had ended before the page was opened. */
  readonly #told: Set<number>

  constructor(first: ServerStatus) {
    this.#last = first
    this.#told = new Set(first.groups.flatMap(({ exits }) => exits.map(({ age }) => age)))
  }

  /** What is new in this status. */
  next(status: ServerStatus): readonly JournalLine[] {
    const before = this.#last
    this.#last = status
    return [
      ...status.groups.flatMap(group => this.#describeExits(group)),
      ...describeTargets(before, status),
      ...describeReload(before, status),
    ]
  }

  #describeExits({ name, exits }: GroupStatus): readonly JournalLine[] {
    const news = exits.filter(exit => isNews(exit) && !this.#told.has(exit.age)).toReversed()
    for (const { age } of news) this.#told.add(age)
    return news.map(exit => describeExit(name, exit))
  }
}

/** Orderly exits are routine, and a line for each would drown out the others. Those of leaking workers are an exception. */
function isNews({ isOrderly, reason }: ExitStatus): boolean {
  return !isOrderly || reason.kind === 'max-rss'
}

function describeExit(group: string, { pid, isOrderly, reason }: ExitStatus): JournalLine {
  return isOrderly
    ? { level: 'plain', text: `Worker ${pid} of ${group} was recycled, its successor ready: ${reason.text}.` }
    : { level: 'warn', text: `Worker ${pid} of ${group} has ended: ${reason.text}. It is replaced.` }
}

/** The reload that has ended between the two statuses. */
export function newReload(before: ServerStatus, after: ServerStatus): ReloadStatus | undefined {
  const reload = after.arbiter.lastReload
  return reload === null || reload.at === before.arbiter.lastReload?.at ? undefined : reload
}

function describeTargets(before: ServerStatus, after: ServerStatus): readonly JournalLine[] {
  return after.groups.flatMap(({ name, target }): readonly JournalLine[] => {
    const known = before.groups.find(group => group.name === name)
    if (known === undefined || known.target === target) return []
    return [{ level: 'plain', text: `${name} is to have ${target} workers, it had ${known.target}.` }]
  })
}

function describeReload(before: ServerStatus, after: ServerStatus): readonly JournalLine[] {
  const lines: JournalLine[] = []
  if (before.arbiter.state !== 'reloading' && after.arbiter.state === 'reloading')
    lines.push({ level: 'plain', text: 'Reload: new workers boot while the old ones serve.' })
  const reload = newReload(before, after)
  if (reload?.result === 'done')
    lines.push({ level: 'good', text: `Reload done: generation ${after.arbiter.generation} serves.` })
  if (reload?.result === 'failed')
    lines.push({
      level: 'bad',
      text: `Reload failed, the old code goes on serving. ${reload.error?.message ?? ''}`,
    })
  return lines
}
