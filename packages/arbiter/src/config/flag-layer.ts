/** Turns the flags of a command line, given as text, into a layer. */
import { didYouMean } from '../modules/closest-name.js'
import type { IssueList } from './config-issue.js'
import { counterpartOf } from './foreign-flags.js'
import type { GivenValue, Layer } from './given-value.js'
import type { SettingName } from './setting-record.js'
import { allRecords } from './setting-records.js'

/** A command line that has been split but not checked. */
export interface Flags {
  /** The texts of each setting, one for each time its flag was given. */
  readonly values: Readonly<Partial<Record<SettingName, readonly string[]>>>
  /** The config file given by its flag. */
  readonly config?: string | undefined
  /** Flags that do not exist, as typed. */
  readonly unknown: readonly string[]
  /** Arguments beyond the app. */
  readonly excess: readonly string[]
  /** Flags that exist besides those of the settings, for suggestions. */
  readonly otherFlags: readonly string[]
}

/** The settings in `flags`; unknown flags and excess arguments become issues. */
export function flagLayer(flags: Flags, source: 'flag' | 'TUNICORN_CMD_ARGS', issues: IssueList): Layer {
  const place = source === 'flag' ? '' : ' in TUNICORN_CMD_ARGS'
  const known = allRecords.flatMap(record => record.flag?.long ?? [])
  for (const flag of flags.unknown) {
    const counterpart = counterpartOf(flag)
    const hint =
      counterpart === undefined
        ? didYouMean(flag.replace(/=.*/s, ''), [...known, ...flags.otherFlags])
        : `: ${counterpart}`
    issues.addInvalid([], `Unknown flag \`${flag}\`${place}${hint}`)
  }
  for (const argument of flags.excess)
    issues.addInvalid(
      [],
      `Unexpected argument \`${argument}\`${place}: there is one app; settings are given by flags`,
    )

  const shared = new Map<SettingName, GivenValue>()
  for (const record of allRecords) {
    const texts = flags.values[record.name]
    if (texts === undefined || texts.length === 0) continue
    const origin = record.flag === undefined ? 'the command line' : `flag ${record.flag.long}`
    shared.set(record.name, {
      name: record.name,
      value: record.parse(texts),
      source,
      origin: `${origin}${place}`,
      path: [record.name],
    })
  }
  return { shared, groups: new Map() }
}
