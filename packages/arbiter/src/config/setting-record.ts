/**
 * One record per setting. Flags, `--help`, validation, `--print-config` and the settings reference are made from
 * the records, so that nothing is written twice.
 */
import type { WorkerSettings } from '../contract/worker-settings.js'
import type { ArbiterSettings, Settings } from './settings.js'
import type { ValueKind } from './value-kind.js'

/** Name of a setting. */
export type SettingName = keyof Settings

/** The part of the program that a setting reaches: the arbiter, one group, or also the workers of a group. */
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
  /** What stands for the value in `--help`; absent: a switch, which takes no value. */
  readonly metavar?: string
  /** The value may be left out, and stands behind `=` where it is not. */
  readonly isValueOptional?: boolean
  /** The flag may be given several times and its values add up. */
  readonly repeatable?: boolean
}

/** An environment variable that gives a setting when nothing above the environment does. */
interface SettingVariable {
  readonly name: string
  /** Reads the text of the variable; absent: as the flag's. */
  readonly parse?: (text: string) => unknown
  /** What the variable does, where it is more than giving the value. */
  readonly meaning?: string
}

/** Everything there is to know about one setting. */
export interface SettingRecord<Name extends SettingName = SettingName> extends ValueKind<Settings[Name]> {
  readonly name: Name
  readonly scope: ScopeOf<Name>
  /** Absent: the setting is the command's argument. */
  readonly flag?: SettingFlag
  readonly variable?: SettingVariable
  /** `keys`: an object whose keys are overridden one by one. Otherwise the whole value is overridden. */
  readonly merge?: 'keys'
  readonly default: Settings[Name]
  /** The default in words, where the value does not say it. */
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
