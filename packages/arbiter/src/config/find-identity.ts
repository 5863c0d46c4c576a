/** Resolves the settings `user` and `group` to an identity. */
import { type Identity, resolveIdentity } from '../system/identity.js'
import { formatPath, type IssueList } from './config-issue.js'
import type { MergedSettings } from './merge.js'
import type { ArbiterSettings } from './settings.js'

/** The workers' identity, if it differs from the arbiter's. A name that does not exist becomes an issue. */
export function findIdentity(
  settings: ArbiterSettings,
  { given, refused }: MergedSettings,
  issues: IssueList,
): Identity | undefined {
  if (refused.has('user') || refused.has('group')) return undefined
  const result = resolveIdentity(settings)
  if (result.ok) return result.identity
  const { setting, problem } = result
  const value = given.get(setting)
  const path = value?.path ?? [setting]
  const origin = value === undefined ? '' : `, from ${value.origin}`
  issues.addInvalid(
    path,
    `Expected \`${formatPath(path)}\` to be a name or a number of this machine, got \`${settings[setting]}\`: ${problem}${origin}`,
  )
  return undefined
}
