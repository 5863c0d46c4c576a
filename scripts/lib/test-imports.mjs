/** Tests outside of `test/unit` use built files. From source they may import only types, which are gone when the code runs. */
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { filesIn } from './workspaces.mjs'

export function testImportProblems({ folder, path }) {
  return filesIn(path, 'test', '.ts')
    .filter(file => !file.startsWith('test/unit/'))
    .flatMap(file =>
      valueImports(readFileSync(join(path, file), 'utf8'))
        .map(specifier => relative(path, resolve(path, file, '..', specifier)))
        .filter(target => target.startsWith('src/') || target.startsWith('test/unit/'))
        .map(target => `${folder}/${file} imports ${target}: only test/unit does. Import the built package`),
    )
}

/** Relative specifiers of imports and re-exports that are left when the code runs. */
function valueImports(source) {
  const pattern = /\b(?:import|export)\b(?!\s+type\b)(?:[^'";=()]*?\bfrom)?\s*\(?\s*(['"])(\.[^'"\n]+)\1/g
  return [...source.matchAll(pattern)].map(match => match[2])
}
