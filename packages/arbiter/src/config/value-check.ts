/** Checks a given value with its setting's record. Pure. */
import { safeParse } from 'valibot'
import { describeValue } from '../describe-value.js'
import { type ConfigIssue, formatPath } from './config-issue.js'
import type { GivenValue } from './given-value.js'
import { settingRecords } from './setting-records.js'

/** A value of its setting's type, or everything that is wrong with the given value. */
export type CheckedValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] }

/** Checks one value. */
export function checkValue(given: GivenValue): CheckedValue {
  const record = settingRecords[given.name]
  const result = safeParse(record.schema, given.value)
  if (result.success) return { ok: true, value: result.output }
  const issues = result.issues.map(issue => {
    const inner = issue.path ?? []
    const note = issue.type === 'check' ? `: ${issue.message}` : ''
    // A list made from a single text has no index that the user knows about.
    const isInside = typeof given.value === 'object' && given.value !== null && inner.length > 0
    const path = isInside ? [...given.path, ...inner.map(item => keyOf(item.key))] : given.path
    const where = isInside ? ` at \`${formatPath(path)}\`` : ''
    const got = describeValue(isInside ? inner.at(-1)?.value : given.value)
    const message = `Expected \`${formatPath(given.path)}\` to be ${record.expected}, got ${got}${where}${note}, from ${given.origin}`
    return { path, message, code: 'CONFIG_INVALID' as const }
  })
  return { ok: false, issues }
}

function keyOf(key: unknown): string | number {
  return typeof key === 'number' ? key : String(key)
}
