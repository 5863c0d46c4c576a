/** For the command and the conformance suite of this repository. Not covered by semantic versioning. */
export type { Flags } from '../config/flag-layer.js'
export type { SettingName, SettingRecord } from '../config/setting-record.js'
export { allRecords, settingSections } from '../config/setting-records.js'
export { defaultText } from '../config/settings-reference.js'
export { type CommandInput, createConfigSource } from '../config/source.js'
export { TunicornError } from '../errors.js'
export { exitCodeFor, exitCodes } from '../exit-codes.js'
export { logicalDirectory } from '../process/self.js'
