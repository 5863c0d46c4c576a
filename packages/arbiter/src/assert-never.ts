/** Ends a `switch` over a discriminated union; a case that is missing is then a compile error. */
export function assertNever(value: never): never {
  throw new TypeError(`Unexpected value: ${JSON.stringify(value)}`)
}
