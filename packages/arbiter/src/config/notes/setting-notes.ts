import type { SettingName } from '../setting-record.js'
import { appNotes } from './app-notes.js'
import { connectionNotes } from './connection-notes.js'
import { lifeNotes } from './life-notes.js'
import { operationNotes } from './operation-notes.js'
import type { SomeNotes } from './setting-note.js'

/** One note for each setting: a missing one does not compile. */
export const settingNotes: SomeNotes<SettingName> = {
  ...appNotes,
  ...connectionNotes,
  ...lifeNotes,
  ...operationNotes,
}
