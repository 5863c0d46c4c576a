/** Finds what an app module exports to be called at the end. */
import type { AppModule } from './import-app.js'

/** The export `shutdown`. What a CommonJS module exports, and TypeScript compiled to one, is inside `default`. */
export function shutdownOf(module: AppModule): (() => unknown) | undefined {
  for (const holder of [module, Object(module.default)]) {
    const shutdown: unknown = Object.hasOwn(holder, 'shutdown') ? holder.shutdown : undefined
    if (typeof shutdown === 'function') return () => Reflect.apply(shutdown, holder, [])
  }
  return undefined
}
