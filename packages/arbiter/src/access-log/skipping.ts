/** Which requests get no line in the access log, such as probes. They are recognised by path or by user agent. */
import type { RequestHead } from '../contract/request.js'

/** Whether a request gets no line. */
export type Skipping = (head: Pick<RequestHead, 'target' | 'header'>) => boolean

/** Each request may be compared with all of them. */
export const maxSkipPatterns = 64

/** What is wrong with a pattern, if anything. */
export function skipPatternProblem(pattern: string): string | undefined {
  if (/^\**$/.test(pattern)) return `\`${pattern}\` would leave no line: leave \`accessLog\` out instead`
  return /\*./.test(pattern) ? `\`${pattern}\` has a \`*\` that is not at its end` : undefined
}

/**
 * A pattern that begins with `/` is a path, or the beginning of one if it ends in `*`; the query does not count. Any other
 * pattern is the beginning of a `User-Agent`. Returns undefined when there are no patterns.
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
