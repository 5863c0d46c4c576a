/**
 * One record per setting. Flags, `--help`, validation, `--print-config` and the settings reference are all generated from the
 * records, so that nothing is written twice.
 */
import type { WorkerSettings } from '../contract/worker-settings.js'
import type { ArbiterSettings, Settings } from './settings.js'
import type { ValueKind } from './value-kind.js'

/** Name of a setting. */
export type SettingName = keyof Settings

/** The part of the program that a setting applies to: the arbiter, one group, or also the workers of a group. */
type ScopeOf<Name extends SettingName> = Name extends keyof ArbiterSettings
  ? 'arbiter'
  : Name extends keyof WorkerSettings
    ? 'worker'
    : 'group'

/** How a setting is written on the command line. */
interface SettingFlag {
  /** For example `--bind`. */
  readonly long: `--${string}`
  /** For example `-b`. */
  readonly short?: `-${string}`
  /** The placeholder for the value in `--help`. Absent: a switch, which takes no value. */
  readonly metavar?: string
  /** The value may be omitted. If given, it follows `=`. */
  readonly isValueOptional?: boolean
  /** The flag may be given several times, and its values add up. */
  readonly repeatable?: boolean
}

/** An environment variable for a setting. It applies when nothing with precedence over the environment gives the setting. */
interface SettingVariable {
  readonly name: string
  /** Reads the text of the variable. Absent: the same as for the flag. */
  readonly parse?: (text: string) => unknown
  /** What the variable does besides giving the value. */
  readonly meaning?: string
}

/** Everything there is to know about one setting. */
export interface SettingRecord<Name extends SettingName = SettingName> extends ValueKind<Settings[Name]> {
  readonly name: Name
  readonly scope: ScopeOf<Name>
  /** Absent: the setting is the command's positional argument. */
  readonly flag?: SettingFlag
  readonly variable?: SettingVariable
  /** `keys`: an object whose keys are overridden one by one. Otherwise the whole value is overridden. */
  readonly merge?: 'keys'
  readonly default: Settings[Name]
  /** The default in words, where the value is not clear enough. */
  readonly defaultText?: string
  /** The text of a value in `--print-config`. @default JSON */
  readonly show?: (value: unknown) => string
  /** One short phrase, for `--help`. */
  readonly summary: string
  /** Further sentences, for the reference. */
  readonly details?: string
}

/** One record for each setting: a missing or an extra one does not compile. */
export type SettingRecords = { readonly [Name in SettingName]: SettingRecord<Name> }

/** Some of the records. */
export type SomeRecords<Names extends SettingName> = Pick<SettingRecords, Names>
