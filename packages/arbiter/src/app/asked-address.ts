/** Determines where a call of `net.Server.listen` would listen. Pure. */
import type { AskedAddress } from '../contract/adoption.js'

export interface ListenCall {
  readonly asked: AskedAddress
  readonly callback?: (() => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type Listener = () => void

/**
 * Returns `undefined` for anything but a specific TCP port: any free port, a path, a descriptor, a handle, and arguments that
 * Node refuses.
 */
export function listenCall(args: readonly unknown[]): ListenCall | undefined {
  const [first, second] = args
  const last = args.at(-1)
  const callback = typeof last === 'function' ? (last as Listener) : undefined
  if (typeof first === 'object' && first !== null) return callOfOptions(first, callback)
  const port = portOf(first)
  if (port === undefined) return undefined
  return { asked: { ...hostOf(second), port }, callback }
}

function callOfOptions(options: object, callback: Listener | undefined): ListenCall | undefined {
  // As in Node, these take precedence over a port, and a port takes precedence over a path.
  if (Reflect.get(options, '_handle') || Reflect.get(options, 'handle')) return undefined
  if (typeof Reflect.get(options, 'fd') === 'number') return undefined
  const port = portOf(Reflect.get(options, 'port'))
  if (port === undefined) return undefined
  const signal: unknown = Reflect.get(options, 'signal')
  return {
    asked: { ...hostOf(Reflect.get(options, 'host')), port },
    callback,
    signal: signal instanceof AbortSignal ? signal : undefined,
  }
}

/** Node treats a string of digits as a port, and any other string as a path. */
function portOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && value.trim() !== ''
  const port = isText || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}

function hostOf(value: unknown): { readonly host?: string } {
  return typeof value === 'string' && value !== '' ? { host: value } : {}
}
