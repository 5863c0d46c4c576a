import { describeValue } from '@tunicorn/arbiter/worker'

/** Names an event by its type, for messages. */
export function describeType(event: unknown): string {
  if (typeof event !== 'object' || event === null || !('type' in event)) return describeValue(event)
  return typeof event.type === 'string' ? `\`${event.type.slice(0, 80)}\`` : describeValue(event.type)
}
