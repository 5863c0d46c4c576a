/** For the command of this repository, which asks for this very version. Not covered by semantic versioning. */

export { holdSignals } from '../arbiter/signals.js'
export type { Flags } from '../config/flag-layer.js'
export type { SettingName, SettingRecord } from '../config/setting-record.js'
export { settingSections } from '../config/setting-records.js'
export { defaultText } from '../config/settings-reference.js'
export { createConfigSource } from '../config/source.js'
export { reportWorkerClasses, type WorkerClassReport } from '../contract/class-report.js'
export { TunicornError } from '../errors.js'
export { exitCodeFor, exitCodes } from '../exit-codes.js'
export { readConfigFile } from '../modules/config-file.js'
export { maxScaled } from '../supervision/scale.js'
export { logicalDirectory } from '../system/self.js'
