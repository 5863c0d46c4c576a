import type { WorkerSettings } from '../contract/worker-settings.js'
import type { SettingName } from './setting-record.js'
import { allRecords } from './setting-records.js'

const workerRecords = allRecords.filter(({ scope }) => scope === 'worker')

/** Only what the contract promises to a worker class. The values have already been checked. */
export function workerSettingsOf(values: { readonly [Name in SettingName]?: unknown }): WorkerSettings {
  const picked = Object.fromEntries(workerRecords.map(({ name }) => [name, values[name]]))
  // The records of scope `worker` are exactly the keys of `WorkerSettings`: `SettingRecord` says so.
  return picked as unknown as WorkerSettings
}
