/** Keeps foreign text on its own line: a newline or an escape sequence in it must not look like part of the log. */

const controls = /[\p{Cc}\u2028\u2029]/gu
const layout: ReadonlySet<string> = new Set(['\n', '\t'])

/** Makes control characters visible: `\n`, `\r`, `\t`, `\x1b`, `\u2028`. */
export function escapeControls(text: string): string {
  return text.replace(controls, visible)
}

/** The same, but keeps line breaks, for text that is indented as a whole. */
export function escapeInLines(text: string): string {
  return text.replace(controls, character => (layout.has(character) ? character : visible(character)))
}

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The visible form of one control character. */
export function visible(character: string): string {
  const code = character.charCodeAt(0)
  const hex = code.toString(16)
  return named[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`)
}
