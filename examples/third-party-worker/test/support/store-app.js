/** An app of the kind `resp`: the ready commands, and some of its own. */
import { appendFileSync } from 'node:fs'
import { keyValueCommands } from './key-value.js'

export default {
  ...keyValueCommands(),
  pid: () => process.pid,
  /** JOURNAL TEXT: notes that it was carried out. */
  journal([text]) {
    appendFileSync(process.env.JOURNAL, `${text}\n`)
    return process.pid
  },
  /** SLOW MS: answers later. */
  async slow([ms]) {
    await new Promise(resolve => setTimeout(resolve, Number(ms)))
    return process.pid
  },
  fail() {
    throw new Error('a secret detail')
  },
}
