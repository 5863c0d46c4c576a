/** Settings of a group that conflict, which shows only once its number of workers and its spares are known. Pure. */
import type { GroupSettings } from './settings.js'

export interface GroupIssueInput {
  readonly settings: GroupSettings
  /** The most workers that it may have. */
  readonly workers: number
  readonly spares: number
}

/** A setting, and what is wrong with it. */
export type GroupIssue = readonly [name: keyof GroupSettings, problem: string]

export function groupIssues({ settings, workers, spares }: GroupIssueInput): readonly GroupIssue[] {
  const { maxProcesses } = settings
  const fewest = workers + spares + 1
  if (maxProcesses === 0 || maxProcesses >= fewest) return []
  const beside = spares === 0 ? '' : `, ${spares} in standby`
  const problem = `Expected \`maxProcesses\` to be 0 or at least ${fewest}, which is ${workers} workers${beside} and one to replace one of them, got ${maxProcesses}`
  return [['maxProcesses', problem]]
}
