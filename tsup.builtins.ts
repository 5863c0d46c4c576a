/**
 * Makes built files take what they use from Node's built-in modules without importing them. An import asks a module for
 * everything that it exports, and some of that loads much more. `node:http` has a `WebSocket`, for which Node 22 and newer
 * load a whole client. That takes more processor time than their own start.
 */
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['plugins']>[number]

export const takeBuiltins: Plugin = {
  name: 'take-builtins',
  renderChunk: code => {
    const statements = [...code.matchAll(statement)]
    if (statements.length === 0) return undefined
    // Before everything else, because imports are evaluated first wherever they stand.
    return { code: [...statements.map(taken), code.replaceAll(statement, '')].join('\n') }
  },
}

/** An import as esbuild writes it: the default, the names, and the module. */
const statement = /^import (?:(\w+)(?:, )?)?(?:\{\s([^}]*)\s\})? from "(node:[\w/]+)";$/gm

function taken([, whole, names, module]: RegExpMatchArray): string {
  // A module may have a `process` of its own.
  const builtin = `globalThis.process.getBuiltinModule("${module}")`
  return [
    ...(whole === undefined ? [] : [`const ${whole} = ${builtin};`]),
    ...(names === undefined ? [] : [`const { ${names.replaceAll(' as ', ': ')} } = ${builtin};`]),
  ].join('\n')
}
