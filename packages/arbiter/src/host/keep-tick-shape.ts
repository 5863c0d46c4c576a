/**
 * Keeps alive the shape of the objects that `process.nextTick` creates.
 *
 * V8 forgets a shape when a full collection finds no object that has it, as in a worker that has booted and waits for its first
 * request. On Node.js 20 every `nextTick` then takes the slow path for the rest of the process's life, which made a plain request
 * about a third more expensive. Node.js 24 loses a few percent, Node.js 26 nothing.
 */
import { executionAsyncResource } from 'node:async_hooks'

/** The name under which one such object is kept. */
export const tickSymbol = 'tunicorn.tick'

/** From the next tick on, one object of that shape stays alive. */
export function keepTickShape(): void {
  process.nextTick(() => {
    const value = executionAsyncResource()
    Object.defineProperty(globalThis, Symbol.for(tickSymbol), { value, configurable: true })
  })
}
