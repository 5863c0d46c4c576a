/** What an app of the kind `jobs` is made of. */

/** What a handler gets besides the data of its job. */
export interface JobContext {
  /** Stays the same, however often the job is done. */
  readonly id: string
  /** Aborts at the deadline of a drain. Another worker will do the job again. */
  readonly signal: AbortSignal
}

/** Does a job. If it throws, the job has failed and is not done again. */
export type Handler = (data: unknown, context: JobContext) => unknown

/** Handlers by the name of the job. */
export type JobsApp = Readonly<Record<string, Handler>>

/** @throws TypeError when the value is not an app of the kind `jobs` */
export function handlersOf(app: unknown): ReadonlyMap<string, Handler> {
  if (typeof app !== 'object' || app === null)
    throw new TypeError('An app of kind `jobs` is an object of handlers')
  const handlers = new Map<string, Handler>()
  for (const [name, handler] of Object.entries(app)) {
    if (typeof handler !== 'function') throw new TypeError(`The handler \`${name}\` is not a function`)
    handlers.set(name, handler)
  }
  return handlers
}
