/** Merges layers into the values of one group or of the arbiter. */
import type { GivenValue, GivenValues } from './given-value.js'
import type { LayerChecks } from './layer-checks.js'
import type { SettingName, SettingRecord } from './setting-record.js'
import type { SettingSource } from './settings.js'

/** Checked values by setting, each with its source. */
export interface MergedSettings {
  readonly values: Readonly<Record<string, unknown>>
  readonly sources: ReadonlyMap<SettingName, SettingSource>
  /** The given values that take effect, for messages about them. */
  readonly given: GivenValues
  /** Settings whose value was refused. `values` has the default instead. */
  readonly refused: ReadonlySet<SettingName>
}

/**
 * Takes each setting from the first of `layers` that gives it, or else its default. A wrong value becomes an issue and is
 * replaced by the default, so that the rest can be checked too.
 */
export function mergeSettings(
  records: readonly SettingRecord[],
  layers: readonly GivenValues[],
  checks: LayerChecks,
): MergedSettings {
  const values: Record<string, unknown> = {}
  const sources = new Map<SettingName, SettingSource>()
  const given = new Map<SettingName, GivenValue>()
  const refused = new Set<SettingName>()
  for (const record of records) {
    const candidates = layers.flatMap(layer => layer.get(record.name) ?? [])
    const { accepted, isRefused } = checkAll(counted(record, candidates), checks)
    values[record.name] = combine(record, accepted)
    if (isRefused) refused.add(record.name)
    const [top] = candidates
    sources.set(record.name, top?.source ?? 'default')
    if (top !== undefined) given.set(record.name, top)
  }
  return { values, sources, given, refused }
}

/** When whole values are overridden, only the first candidate counts. When keys are, all count, and the first is applied last. */
function counted(record: SettingRecord, candidates: readonly GivenValue[]): readonly GivenValue[] {
  return record.merge === 'keys' ? candidates.toReversed() : candidates.slice(0, 1)
}

function checkAll(
  candidates: readonly GivenValue[],
  checks: LayerChecks,
): { readonly accepted: readonly unknown[]; readonly isRefused: boolean } {
  const accepted: unknown[] = []
  for (const candidate of candidates) {
    const checked = checks.value(candidate)
    if (checked.ok) accepted.push(checked.value)
  }
  return { accepted, isRefused: accepted.length < candidates.length }
}

function combine(record: SettingRecord, accepted: readonly unknown[]): unknown {
  if (record.merge === 'keys') return Object.assign({}, ...accepted)
  return accepted.length === 0 ? record.default : accepted[0]
}
