/** Values of settings as they were given, each with where it came from; not yet checked. */
import type { SettingName } from './setting-record.js'
import type { SettingSource } from './settings.js'

/** A value that somebody gave for a setting. */
export interface GivenValue {
  readonly name: SettingName
  /** Not checked. */
  readonly value: unknown
  readonly source: SettingSource
  /** Exactly where, for messages: `flag --workers`, `tunicorn.config.ts`, `environment variable PORT`. */
  readonly origin: string
  /** Where it is in its source, for example `['groups', 'web', 'workers']`. */
  readonly path: readonly (string | number)[]
}

/** Given values by setting. */
export type GivenValues = ReadonlyMap<SettingName, GivenValue>

/** What one source gives. */
export interface Layer {
  readonly shared: GivenValues
  /** By group; empty where the source has no groups. */
  readonly groups: ReadonlyMap<string, GivenValues>
}
