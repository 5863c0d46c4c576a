/**
 * Built files take what they use from Node's own modules, and do not import them: an import asks a module for all that it
 * exports, and some of that loads much more. `node:http` has a `WebSocket`, for which Node 22 and newer load a whole client, at
 * more processor time than their own start.
 */
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['plugins']>[number]

export const takeBuiltins: Plugin = {
  name: 'take-builtins',
  renderChunk: code => {
    const statements = [...code.matchAll(statement)]
    if (statements.length === 0) return undefined
    // Before all else, as imports are wherever they stand.
    return { code: [...statements.map(taken), code.replaceAll(statement, '')].join('\n') }
  },
}

/** As esbuild writes it: the default, the names, and the module. */
const statement = /^import (?:(\w+)(?:, )?)?(?:\{\s([^}]*)\s\})? from "(node:[\w/]+)";$/gm

function taken([, whole, names, module]: RegExpMatchArray): string {
  // A module may have a `process` of its own.
  const builtin = `globalThis.process.getBuiltinModule("${module}")`
  return [
    ...(whole === undefined ? [] : [`const ${whole} = ${builtin};`]),
    ...(names === undefined ? [] : [`const { ${names.replaceAll(' as ', ': ')} } = ${builtin};`]),
  ].join('\n')
}
