/** The table of all settings, and its sections in the order of `--help` and the reference. */
import { appRecords } from './records/app.js'
import { connectionRecords } from './records/connections.js'
import { controlRecords } from './records/control.js'
import { developmentRecords } from './records/development.js'
import { environmentRecords } from './records/environment.js'
import { limitRecords } from './records/limits.js'
import { loggingRecords } from './records/logging.js'
import { processRecords } from './records/process.js'
import { recyclingRecords } from './records/recycling.js'
import { rolloutRecords } from './records/rollout.js'
import { scalingRecords } from './records/scaling.js'
import { socketRecords } from './records/sockets.js'
import { timeoutRecords } from './records/timeouts.js'
import { tlsRecords } from './records/tls.js'
import type { SettingName, SettingRecord, SettingRecords } from './setting-record.js'

/** Every setting by name. */
export const settingRecords: SettingRecords = {
  ...appRecords,
  ...environmentRecords,
  ...scalingRecords,
  ...socketRecords,
  ...tlsRecords,
  ...timeoutRecords,
  ...connectionRecords,
  ...limitRecords,
  ...recyclingRecords,
  ...rolloutRecords,
  ...processRecords,
  ...loggingRecords,
  ...controlRecords,
  ...developmentRecords,
}

/** Records under one heading. */
export interface SettingSection {
  readonly title: string
  readonly records: readonly SettingRecord[]
}

/** All records, grouped by topic. */
export const settingSections: readonly SettingSection[] = [
  { title: 'App and workers', records: Object.values({ ...appRecords, ...environmentRecords }) },
  { title: 'Scaling', records: Object.values(scalingRecords) },
  { title: 'Sockets', records: Object.values(socketRecords) },
  { title: 'TLS', records: Object.values(tlsRecords) },
  { title: 'Timeouts', records: Object.values(timeoutRecords) },
  { title: 'Connections', records: Object.values(connectionRecords) },
  { title: 'Request limits', records: Object.values(limitRecords) },
  { title: 'Recycling', records: Object.values(recyclingRecords) },
  { title: 'Reload', records: Object.values(rolloutRecords) },
  { title: 'Process', records: Object.values(processRecords) },
  { title: 'Logging', records: Object.values(loggingRecords) },
  { title: 'Control', records: Object.values(controlRecords) },
  { title: 'Development', records: Object.values(developmentRecords) },
]

/** Every record. */
export const allRecords: readonly SettingRecord[] = settingSections.flatMap(section => section.records)

/** Whether a setting of this name exists. */
export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(settingRecords, name)
}
