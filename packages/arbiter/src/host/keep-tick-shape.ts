/**
 * Keeps the shape of what `process.nextTick` makes.
 *
 * V8 forgets a shape when a full collection finds no object of it, as in a worker that has booted and waits for its first
 * request. On Node.js 20 every `nextTick` then takes the slow way for as long as the process lives, which made a plain
 * request about a third more expensive; Node.js 24 loses some percent, Node.js 26 nothing.
 */
import { executionAsyncResource } from 'node:async_hooks'

/** The name under which one such object is held. */
export const tickSymbol = 'tunicorn.tick'

/** From the next tick on, one object of the shape is alive. */
export function keepTickShape(): void {
  process.nextTick(() => {
    const value = executionAsyncResource()
    Object.defineProperty(globalThis, Symbol.for(tickSymbol), { value, configurable: true })
  })
}
