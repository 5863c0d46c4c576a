import { readdirSync } from 'node:fs'
import type { Options } from 'tsup'
import { build } from '../../tsup.base.js'

/**
 * Every row is a file of its own, found at run time: adding one needs no list. Rows are built next to `main`, so that a
 * path relative to a module means the same wherever the bundler puts that module.
 */
const rows = readdirSync('src/rows').map(file => [`row-${file.slice(0, -3)}`, `src/rows/${file}`])
const options: Options = { ...build({ main: 'src/main.ts', ...Object.fromEntries(rows) }), dts: false }

export default options
