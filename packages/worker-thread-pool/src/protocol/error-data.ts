/** Errors across the thread boundary: a cloned error keeps neither its class nor its properties. */

export interface ErrorData {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | number | undefined
  readonly cause: ErrorData | undefined
}

/** Further causes are dropped, because a chain of causes may be circular. */
const maxCauses = 5

export function toErrorData(error: unknown, depth = 0): ErrorData {
  if (!(error instanceof Error))
    return { name: 'Error', message: describe(error), stack: undefined, code: undefined, cause: undefined }
  const code: unknown = 'code' in error ? error.code : undefined
  return {
    name: String(error.name),
    message: String(error.message),
    stack: typeof error.stack === 'string' ? error.stack : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    cause: error.cause === undefined || depth >= maxCauses ? undefined : toErrorData(error.cause, depth + 1),
  }
}

/** An error with the name, the stack and the code that it had in the thread. */
export function fromErrorData(data: ErrorData): Error {
  const options = data.cause === undefined ? undefined : { cause: fromErrorData(data.cause) }
  const error = new Error(data.message, options)
  error.name = data.name
  if (data.stack !== undefined) error.stack = data.stack
  return data.code === undefined ? error : Object.assign(error, { code: data.code })
}

function describe(value: unknown): string {
  try {
    return `Thrown: ${String(value)}`
  } catch {
    // An object without a prototype cannot be converted to a string.
    return `Thrown: ${typeof value}`
  }
}
