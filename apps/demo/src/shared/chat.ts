/** Messages of the room in both directions, as JSON text on a WebSocket. */
import * as v from 'valibot'

/** The most characters in what somebody says. */
export const maxText = 280

/** What a browser sends. */
export const sayingSchema = v.strictObject({
  text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxText)),
})

/** What everybody in the room gets. */
export type RoomMessage =
  /** Tells the newcomer alone who it is. */
  | { readonly type: 'welcome'; readonly name: string; readonly pid: number }
  | { readonly type: 'people'; readonly count: number }
  | { readonly type: 'said'; readonly name: string; readonly text: string }
