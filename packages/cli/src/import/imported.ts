/** The result of reading another program's configuration. */

export interface ImportedConfig {
  readonly settings: Readonly<Record<string, unknown>>
  /** Settings without a counterpart. Each note becomes a line of comment. */
  readonly notes: readonly string[]
}

/** How a setting of the other program is written here: a setting and its value, or why there is none. */
type Translation = { readonly setting: string; readonly value: unknown } | { readonly note: string }

/** Translates the value of one setting. `undefined`: it asks for what Tunicorn does anyway. */
export type Translate = (value: unknown) => Translation | undefined

/** The same value under another name. */
export function same(setting: string): Translate {
  return value => ({ setting, value })
}

export function noted(note: string): Translate {
  return () => ({ note })
}

/** Translates all of `values`. A setting that is not in the table becomes a note. */
export function translate(
  values: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, Translate>>,
): ImportedConfig {
  const settings: Record<string, unknown> = {}
  const notes: string[] = []
  for (const [name, value] of Object.entries(values)) {
    const known = Object.hasOwn(table, name) ? table[name] : undefined
    const translated = known ? known(value) : { note: 'has no counterpart' }
    if (translated === undefined) continue
    if ('note' in translated) notes.push(`${name}: ${shown(value)}: ${translated.note}`)
    else settings[translated.setting] = translated.value
  }
  return { settings, notes }
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).replaceAll(/\s+/g, ' ')
}
