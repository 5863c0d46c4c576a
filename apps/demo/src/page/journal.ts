/** What happened, in sentences; new ones are read out when nothing else is. */

import { appendLine, element } from './dom.js'
import type { JournalLine } from './status-changes.js'

const maxLines = 60

export class Journal {
  readonly #list: HTMLOListElement

  constructor(list: HTMLOListElement) {
    this.#list = list
  }

  add({ mood, text }: JournalLine): void {
    const time = new Date().toLocaleTimeString('en-GB')
    appendLine(this.#list, element('li', { class: mood }, element('time', {}, time), ` ${text}`), maxLines)
  }
}
