/** Distinguishes our signal listeners from those of others: of the app in a worker, of preloaded modules in the arbiter. */

const own = Symbol('tunicorn.own')

/** Marks a listener as ours. */
export function ownListener<Listener extends () => void>(listener: Listener): Listener {
  return Object.assign(listener, { [own]: true })
}

export function isOwnListener(listener: object): boolean {
  return Reflect.get(listener, own) === true
}
