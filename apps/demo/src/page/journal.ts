/** What happened, in sentences. A screen reader reads new ones out when it reads nothing else. */

import { appendLine, element } from './dom.js'
import type { JournalLevel, JournalLine } from './status-changes.js'

const maxLines = 60

/** Colours alone say nothing to people who cannot see them. */
const levelNames: Readonly<Record<JournalLevel, string>> = {
  good: 'ok',
  plain: 'info',
  warn: 'warn',
  bad: 'error',
}

export class Journal {
  readonly #list: HTMLOListElement
  #isRecorded = false

  constructor(list: HTMLOListElement) {
    this.#list = list
  }

  /** Shows the lines of an earlier run, which make room for the first new line. */
  showRecorded(lines: readonly JournalLine[]): void {
    this.#isRecorded = true
    this.#list.replaceChildren(...lines.map(line => lineOf(line, 'recorded')))
  }

  add(line: JournalLine): void {
    if (this.#isRecorded) this.#list.replaceChildren()
    this.#isRecorded = false
    appendLine(this.#list, lineOf(line, new Date().toLocaleTimeString('en-GB')), maxLines)
  }
}

function lineOf({ level, text }: JournalLine, time: string): HTMLLIElement {
  const badge = element('span', { class: 'level' }, levelNames[level])
  return element('li', { class: level }, element('time', {}, time), ' ', badge, ` ${text}`)
}
