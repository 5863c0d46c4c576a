/** What setting records share: how a value is read from text, checked, and described when it is wrong. */
import type { GenericSchema } from 'valibot'

/** A kind of value. Records spread one and add their own members. */
export interface ValueKind<Value> {
  /** Checks the written form, and converts it to the setting's type. */
  readonly schema: GenericSchema<unknown, Value>
  /** Completes "Expected `x` to be …". */
  readonly expected: string
  /**
   * Reads the texts of a flag or an environment variable, one for each time it was given. Text that cannot be parsed is returned
   * unchanged, so that the schema refuses it and the message shows what the user typed.
   */
  readonly parse: (texts: readonly string[]) => unknown
}

/** The last text: if a flag is not repeatable, its last use overrides the earlier ones. */
export function lastText(texts: readonly string[]): string {
  return texts.at(-1) ?? ''
}
