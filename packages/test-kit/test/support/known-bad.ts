/** The classes that break one clause each, as modules of this folder. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const knownBad: string = fileURLToPath(new URL('../known-bad/', import.meta.url))

export const knownBadModules: readonly string[] = readdirSync(knownBad).filter(name =>
  /^wc-.*\.mjs$/.test(name),
)

/** The id of the clause that the class of a module breaks. */
export function brokenClause(module: string): string {
  const [, number = ''] = /^wc-(\d+)/.exec(module) ?? []
  return `WC-${number}`
}
