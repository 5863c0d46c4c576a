/** Keeps what comes from outside on its own line: a newline or an escape sequence in it must not look like the log's own. */

const controls = /[\p{Cc}\u2028\u2029]/gu
const layout: ReadonlySet<string> = new Set(['\n', '\t'])

/** `\n`, `\r`, `\t`, `\x1b`, `\u2028`: control characters as a reader can see them. */
export function escapeControls(text: string): string {
  return text.replace(controls, visible)
}

/** The same, but lines stay lines: for a text that is indented as a whole. */
export function escapeInLines(text: string): string {
  return text.replace(controls, character => (layout.has(character) ? character : visible(character)))
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One control character. */
export function visible(character: string): string {
  const code = character.charCodeAt(0)
  const hex = code.toString(16)
  return named[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
}
