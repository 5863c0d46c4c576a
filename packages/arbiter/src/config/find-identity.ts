/** Finds out whom the settings `user` and `group` mean. */
import { type Identity, resolveIdentity } from '../system/identity.js'
import { formatPath, type IssueList } from './config-issue.js'
import type { MergedSettings } from './merge.js'
import type { ArbiterSettings } from './settings.js'

/** The identity of the workers, if it is to differ from the arbiter's; a name that nobody has becomes an issue. */
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
