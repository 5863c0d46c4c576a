/** A promise that is resolved from outside. */
export interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
}

export function deferred(): Deferred {
  let resolve = (): void => undefined
  const promise = new Promise<void>(fulfil => {
    resolve = fulfil
  })
  return { promise, resolve: () => resolve() }
}
