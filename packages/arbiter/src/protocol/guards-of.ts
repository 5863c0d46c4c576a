/** Types that make a guard complete: a message or member without a guard does not compile. */
import type { GenericSchema } from 'valibot'

/** A guard for every message of a union, by its `type`. */
export type GuardsOf<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: GenericSchema<unknown, Extract<Message, { readonly type: Type }>>
}

/** A guard for every member, including optional ones. */
export type MembersOf<Value> = { readonly [Name in keyof Value]-?: GenericSchema<unknown, Value[Name]> }
