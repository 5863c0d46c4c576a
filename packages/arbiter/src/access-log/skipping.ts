/** Which requests have no line in the access log, as those of probes: by their path or by who sends them. */
import type { RequestHead } from '../contract/request.js'

/** Whether a request has no line. */
export type Skipping = (head: Pick<RequestHead, 'target' | 'header'>) => boolean

/** Every one of them may be looked at for each request. */
export const maxSkipPatterns = 64

/** What is wrong with a pattern, if anything. */
export function skipPatternProblem(pattern: string): string | undefined {
  if (/^\**$/.test(pattern)) return `\`${pattern}\` would leave no line: leave \`accessLog\` out instead`
  return /\*./.test(pattern) ? `\`${pattern}\` has a \`*\` that is not at its end` : undefined
}

/**
 * A pattern that begins with `/` is a path, or with `*` at its end the beginning of one; the query does not count. Any other is
 * the beginning of a `User-Agent`. Undefined: without patterns.
 */
export function skippingOf(patterns: readonly string[]): Skipping | undefined {
  if (patterns.length === 0) return undefined
  const ofPaths = patterns.filter(pattern => pattern.startsWith('/'))
  const paths = new Set(ofPaths.filter(pattern => !pattern.endsWith('*')))
  const beginnings = ofPaths.filter(pattern => pattern.endsWith('*')).map(withoutStar)
  const agents = patterns.filter(pattern => !pattern.startsWith('/')).map(withoutStar)
  return head => {
    const path = pathOf(head.target)
    if (paths.has(path) || beginnings.some(beginning => path.startsWith(beginning))) return true
    return agents.length > 0 && beginsWithOne(head.header?.('user-agent'), agents)
  }
}

function beginsWithOne(agent: string | undefined, beginnings: readonly string[]): boolean {
  return agent !== undefined && beginnings.some(beginning => agent.startsWith(beginning))
}

function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query === -1 ? target : target.slice(0, query)
}

function withoutStar(pattern: string): string {
  return pattern.replace(/\*$/, '')
}
