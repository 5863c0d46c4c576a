/** What the settings reference says of a setting beyond its record. No program reads it, so none carries it. */
import type { SettingName } from '../setting-record.js'

export interface SettingNote {
  /** When to change it from its default, in one sentence without its end. */
  readonly when: string
  /** A value as in a config file, which is not the default. */
  readonly example: unknown
  /** How it is written, where that is not how the value is printed. */
  readonly exampleText?: string
  /** What Gunicorn calls it. */
  readonly gunicorn?: string
  /** What PM2 calls it. */
  readonly pm2?: string
}

/** Notes of some of the settings. */
export type SomeNotes<Names extends SettingName> = Readonly<Record<Names, SettingNote>>
