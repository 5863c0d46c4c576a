/** Types that make a guard complete: what has none does not compile. */
import type { GenericSchema } from 'valibot'

/** A guard for every message of a union, by its `type`. */
export type GuardsOf<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: GenericSchema<unknown, Extract<Message, { readonly type: Type }>>
}

/** A guard for every member, also for those that may be absent. */
export type MembersOf<Value> = { readonly [Name in keyof Value]-?: GenericSchema<unknown, Value[Name]> }
