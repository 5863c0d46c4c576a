/** Values of settings as they were given, each with its origin. Not checked yet. */
import type { SettingName } from './setting-record.js'
import type { SettingSource } from './settings.js'

/** A value that was given for a setting. */
export interface GivenValue {
  readonly name: SettingName
  /** Not checked yet. */
  readonly value: unknown
  readonly source: SettingSource
  /** The exact origin, for messages: `flag --workers`, `tunicorn.config.ts`, `environment variable PORT`. */
  readonly origin: string
  /** Its path in the source, for example `['groups', 'web', 'workers']`. */
  readonly path: readonly (string | number)[]
}

/** Given values by setting. */
export type GivenValues = ReadonlyMap<SettingName, GivenValue>

/** Everything that one source gives. */
export interface Layer {
  readonly shared: GivenValues
  /** By group; empty where the source has no groups. */
  readonly groups: ReadonlyMap<string, GivenValues>
}
