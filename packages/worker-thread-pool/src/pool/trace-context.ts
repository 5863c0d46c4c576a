/**
 * Passes the context of a tracer on the event loop to the app in a thread. It takes the form of the header fields that a client
 * would send, because the tracer in the thread reads those.
 */

/** Header fields, names and values in turn. Those of the active context replace the client's. */
export type WithContext = (fields: readonly string[]) => readonly string[]

/** The symbol by which every version 1 of OpenTelemetry's API finds its SDK. */
const registration = Symbol.for('opentelemetry.js.api.1')

/** `undefined` if this process has no tracer. In that case, none is looked for later. */
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
