/** Determines what kind of app an export is. Pure: looks at the value and never calls it. */

import type { AppKind } from '../contract/worker-class.js'
import { describeValue } from '../describe-value.js'
import { adoptedServer } from './adopted-server.js'

const isFunction = (value: unknown): value is (...args: readonly unknown[]) => unknown =>
  typeof value === 'function'

export function member(value: unknown, name: string): unknown {
  const isHolder = (typeof value === 'object' && value !== null) || isFunction(value)
  // Reading a property of an object is safe. If a getter throws, that is the app's own error.
  return isHolder ? (value as Record<string, unknown>)[name] : undefined
}

export const hasMethod = (value: unknown, name: string): boolean => isFunction(member(value, name))

/** An `http.Server` of any realm or library: it emits requests and can listen. */
export function isServer(value: unknown): boolean {
  return hasMethod(value, 'listen') && hasMethod(value, 'emit') && member(value, 'listening') !== undefined
}

export const alreadyListening =
  'it is a server that is already listening; export it without calling `listen()`'

export function isListening(value: unknown): boolean {
  return isServer(value) && member(value, 'listening') === true && !adoptedServer(value)
}

/** Libraries whose app object is not itself a `(req, res)` function but can give one. */
export function givesListener(value: unknown): boolean {
  const isPolka = hasMethod(value, 'handler') && hasMethod(value, 'onNoMatch')
  const isFastify = hasMethod(value, 'ready') && hasMethod(value, 'routing')
  const isKoa = hasMethod(value, 'callback') && Array.isArray(member(value, 'middleware'))
  return isFastify || isKoa || isPolka || isNest(value) || isHapi(value)
}

function isNest(value: unknown): boolean {
  return hasMethod(value, 'getHttpAdapter') && hasMethod(value, 'getHttpServer') && hasMethod(value, 'init')
}

function isHapi(value: unknown): boolean {
  return isServer(member(value, 'listener')) && hasMethod(value, 'initialize') && hasMethod(value, 'stop')
}

/** Express and Connect apps take `(req, res, next)`: three parameters, like an ASGI app. */
function isMiddlewareStack(value: unknown): boolean {
  return isFunction(value) && hasMethod(value, 'use') && hasMethod(value, 'handle')
}

/**
 * The kind of `value`, or a sentence that says what is wrong with it. A function of three parameters is of kind `asgi` for a
 * worker class that runs ASGI, and is taken as `(req, res, next)` by the others.
 */
export function detectKind(
  value: unknown,
  appKinds: readonly AppKind[] = ['asgi'],
): { readonly kind: AppKind } | { readonly problem: string } {
  if (isServer(value)) return isListening(value) ? { problem: alreadyListening } : { kind: 'node' }
  if (givesListener(value) || isMiddlewareStack(value)) return { kind: 'node' }
  if (hasMethod(value, 'fetch')) return { kind: 'fetch' }
  if (!isFunction(value)) return { problem: `it is ${describeValue(value)}` }
  if (value.length === 2) return { kind: 'node' }
  if (value.length === 3) return { kind: isAsgi(value, appKinds) ? 'asgi' : 'node' }
  const count = `${value.length} parameter${value.length === 1 ? '' : 's'}`
  return {
    problem: `it is a function of ${count}, which could be anything; say which kind it is with \`appKind\``,
  }
}

/** If the class does not run ASGI, the name of the first parameter decides: an ASGI app must be refused there, not served. */
function isAsgi(value: (...args: never[]) => unknown, appKinds: readonly AppKind[]): boolean {
  if (appKinds.includes('asgi') || !appKinds.includes('node')) return true
  return /^[^(]*\(\s*_?scope\b/.test(String(value))
}

/** Whether {@link detectKind} can find a kind. A kind that a worker class invented cannot be recognised from a value. */
export function isDetectable(kind: AppKind): boolean {
  return kind === 'node' || kind === 'fetch' || kind === 'asgi'
}

/** Whether `value` can be an app of a kind that the user named. */
export function fitsKind(value: unknown, kind: AppKind): boolean {
  if (kind === 'node') return isServer(value) || givesListener(value) || isFunction(value)
  if (kind === 'fetch') return hasMethod(value, 'fetch') || isFunction(value)
  if (kind === 'asgi') return isFunction(value)
  return value !== undefined
}
