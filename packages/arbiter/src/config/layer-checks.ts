import type { IssueList } from './config-issue.js'
import type { GivenValue, Layer } from './given-value.js'
import { type CheckedValue, checkValue } from './value-check.js'

/** Checks each given value once, however many groups it reaches, and adds its problems to the issues. */
export class LayerChecks {
  readonly #checked = new Map<GivenValue, CheckedValue>()
  readonly #issues: IssueList

  constructor(issues: IssueList) {
    this.#issues = issues
  }

  value(given: GivenValue): CheckedValue {
    const known = this.#checked.get(given)
    if (known !== undefined) return known
    const checked = checkValue(given)
    this.#checked.set(given, checked)
    if (!checked.ok) for (const issue of checked.issues) this.#issues.add(issue)
    return checked
  }

  /** Checks every value of a layer, even those that are overridden. */
  layer({ shared, groups }: Layer): void {
    for (const values of [shared, ...groups.values()]) for (const given of values.values()) this.value(given)
  }
}
