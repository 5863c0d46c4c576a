/** Problems in a configuration, and the error that carries all of them. */
import { type ErrorCode, TunicornError } from '../errors.js'

/** One problem of a configuration. */
export interface ConfigIssue {
  /** Where the problem is: keys from the outside in, for example `['groups', 'web', 'workers']`. */
  readonly path: readonly (string | number)[]
  /** A whole sentence, with the value and where it came from, without a full stop at the end. */
  readonly message: string
  readonly code: ErrorCode
}

/**
 * A configuration is wrong. The message lists every problem, each on its own line.
 *
 * The code is `CONFIG_INVALID`, or another code if all problems share it: a configuration whose only problem is a missing app has
 * `APP_NOT_FOUND`.
 */
export class ConfigError extends TunicornError {
  override readonly name: string = 'ConfigError'
  readonly issues: readonly ConfigIssue[]

  constructor(issues: readonly ConfigIssue[], options?: ErrorOptions) {
    super(codeOf(issues), issues.map(issue => issue.message).join('\n'), options)
    this.issues = issues
  }
}

function codeOf(issues: readonly ConfigIssue[]): ErrorCode {
  const codes = new Set(issues.map(issue => issue.code))
  const [first] = codes
  return first !== undefined && codes.size === 1 ? first : 'CONFIG_INVALID'
}

/** Collects issues. The same message is kept once, because a problem that several groups share is found in each of them. */
export class IssueList {
  readonly #issues = new Map<string, ConfigIssue>()

  add(issue: ConfigIssue): void {
    if (!this.#issues.has(issue.message)) this.#issues.set(issue.message, issue)
  }

  /** Adds a problem that has no more specific code than `CONFIG_INVALID`. */
  addInvalid(path: ConfigIssue['path'], message: string): void {
    this.add({ path, message, code: 'CONFIG_INVALID' })
  }

  /** Adds a caught error as an issue. Anything but a `TunicornError` is not a problem of the configuration, and is thrown again. */
  addError(path: ConfigIssue['path'], error: unknown, prefix: string): void {
    if (!(error instanceof TunicornError)) throw error
    this.add({ path, message: `${prefix}${error.message}`, code: error.code })
  }

  /** @throws ConfigError when there is any issue */
  throwIfAny(): void {
    if (this.#issues.size > 0) throw new ConfigError([...this.#issues.values()])
  }
}

/** A path as users write it: `groups.web.bind[1]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('')
}
