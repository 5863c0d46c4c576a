import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface Options {
  readonly rounds: number
  readonly starts: number
  readonly seconds: number
  /** Names of the rows to measure. Empty for all. */
  readonly only: readonly string[]
  /** Directory for CPU profiles of arbiter and workers. Empty for none. */
  readonly profile: string
  /** The results are kept, and the page about performance is made from them. */
  readonly isWritten: boolean
}

/** @throws TypeError when an argument is not known or not a number. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '7' },
      starts: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string', default: '' },
      write: { type: 'boolean', default: false },
    },
  })
  return {
    rounds: positive('rounds', values.rounds),
    starts: positive('starts', values.starts),
    seconds: positive('seconds', values.seconds),
    only: values.only.flatMap(names => names.split(',')),
    profile: values.profile === '' ? '' : resolve(values.profile),
    isWritten: values.write,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new TypeError(`--${name} must be a positive integer, got \`${text}\``)
  return value
}
