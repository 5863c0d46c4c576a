/** Turns the object of a config file, or of the embedding API, into a layer. */
import { describeValue } from '../describe-value.js'
import { isRecord } from '../is-record.js'
import { didYouMean } from '../modules/closest-name.js'
import { formatPath, type IssueList } from './config-issue.js'
import type { GivenValue, GivenValues, Layer } from './given-value.js'
import type { SettingName } from './setting-record.js'
import { allRecords, isSettingName, settingRecords } from './setting-records.js'
import type { SettingSource } from './settings.js'

/** The origin of an object. */
export interface ObjectOrigin {
  readonly source: SettingSource
  /** For messages, for example the name of the file. */
  readonly origin: string
}

const allNames = allRecords.map(record => record.name)
const groupNames = allRecords.filter(record => record.scope !== 'arbiter').map(record => record.name)
const legalGroupName = /^[a-z0-9][a-z0-9_-]*$/i

/** The settings in `config`; unknown keys and misplaced settings become issues. */
export function objectLayer(config: unknown, origin: ObjectOrigin, issues: IssueList): Layer {
  if (!isRecord(config)) {
    issues.addInvalid(
      [],
      `Expected the configuration to be an object, got ${describeValue(config)}, from ${origin.origin}`,
    )
    return { shared: new Map(), groups: new Map() }
  }
  const { groups, ...shared } = config
  return {
    shared: readValues(shared, { ...origin, path: [] }, issues),
    groups: groups === undefined ? new Map() : readGroups(groups, origin, issues),
  }
}

interface Place extends ObjectOrigin {
  readonly path: readonly string[]
}

function readGroups(groups: unknown, origin: ObjectOrigin, issues: IssueList): Layer['groups'] {
  const read = new Map<string, GivenValues>()
  if (!isRecord(groups) || Object.keys(groups).length === 0) {
    const expected = 'Expected `groups` to be an object with one group or more'
    issues.addInvalid(['groups'], `${expected}, got ${describeValue(groups)}, from ${origin.origin}`)
    return read
  }
  for (const [name, group] of Object.entries(groups)) {
    const path = ['groups', name]
    if (!legalGroupName.test(name))
      issues.addInvalid(
        path,
        `Expected the name of a group to be letters, digits, "-" and "_", got ${describeValue(name)}, from ${origin.origin}`,
      )
    if (!isRecord(group)) {
      issues.addInvalid(
        path,
        `Expected \`${formatPath(path)}\` to be an object of settings, got ${describeValue(group)}, from ${origin.origin}`,
      )
      continue
    }
    read.set(name, readValues(group, { ...origin, path }, issues))
  }
  return read
}

function readValues(values: Readonly<Record<string, unknown>>, place: Place, issues: IssueList): GivenValues {
  const isGroup = place.path.length > 0
  const read = new Map<SettingName, GivenValue>()
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue
    const path = [...place.path, key]
    const where = `\`${formatPath(path)}\`, from ${place.origin}`
    if (!isSettingName(key)) {
      issues.addInvalid(
        path,
        `Unknown setting ${where}${didYouMean(key, isGroup ? groupNames : [...allNames, 'groups'])}`,
      )
      continue
    }
    if (isGroup && settingRecords[key].scope === 'arbiter') {
      issues.addInvalid(
        path,
        `The setting ${where}, belongs to the arbiter and not to a group; move it to the top`,
      )
      continue
    }
    read.set(key, { name: key, value, source: place.source, origin: place.origin, path })
  }
  return read
}
