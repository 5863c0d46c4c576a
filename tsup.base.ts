import type { Options } from 'tsup'
import { takeBuiltins } from './tsup.builtins.js'

/** The one way every package is built: ESM for Node, declarations, one file per entry. */
export function build(entry: Record<string, string>): Options {
  return {
    entry,
    format: 'esm',
    target: 'node20',
    platform: 'node',
    clean: true,
    dts: true,
    splitting: true,
    sourcemap: false,
    treeshake: true,
    // Some modules exist only with the prefix: `node:test`.
    removeNodeProtocol: false,
    plugins: [takeBuiltins],
  }
}
