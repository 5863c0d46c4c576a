/**
 * The context of a tracer on the event loop, for the app in a thread: as the header fields that a client would send, since
 * that is what the tracer in the thread reads.
 */

/** Header fields, names and values in turn, with those of the active context in place of the client's. */
export type WithContext = (fields: readonly string[]) => readonly string[]

/** What an SDK of OpenTelemetry is known by to every version 1 of its API. */
const registration = Symbol.for('opentelemetry.js.api.1')

/** Absent where this process has no tracer, which is then not looked for again. */
export async function traceContext(): Promise<WithContext | undefined> {
  if (!(registration in globalThis)) return undefined
  const { context, propagation } = await import('@opentelemetry/api')
  return fields => {
    const carrier: Record<string, unknown> = {}
    propagation.inject(context.active(), carrier)
    const replaced = new Set(Object.keys(carrier).map(name => name.toLowerCase()))
    const others = fields.filter(
      (_, index) => !replaced.has((fields[index - (index % 2)] ?? '').toLowerCase()),
    )
    return [...others, ...Object.entries(carrier).flatMap(([name, value]) => [name, String(value)])]
  }
}
