/** Finds the function that an app module exports for its shutdown. */
import type { AppModule } from './import-app.js'

/** The export `shutdown`. The exports of CommonJS, or of TypeScript compiled to it, are inside `default`. */
export function shutdownOf(module: AppModule): (() => unknown) | undefined {
  for (const holder of [module, Object(module.default)]) {
    const shutdown: unknown = Object.hasOwn(holder, 'shutdown') ? holder.shutdown : undefined
    if (typeof shutdown === 'function') return () => Reflect.apply(shutdown, holder, [])
  }
  return undefined
}
