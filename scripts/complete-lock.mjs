/** Adds to `package-lock.json` the optional packages of other platforms that npm left out. See `lib/lock-file.mjs`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { missingOptionals, optionalEntry } from './lib/lock-file.mjs'
import { root } from './lib/workspaces.mjs'

const path = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
const missing = missingOptionals(lock)
for (const optional of missing) lock.packages[`node_modules/${optional.name}`] = optionalEntry(optional)
const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, undefined, 2)}\n`)
console.log(`${missing.length} packages added`)
