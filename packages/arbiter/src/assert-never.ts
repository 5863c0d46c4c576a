/** Ends a `switch` over a discriminated union, so that a missing case is a compile error. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`)
}
