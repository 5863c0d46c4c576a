import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findConfigFiles, readConfigFile } from '../../../src/modules/config-file.js'
import { errorOf } from '../config/load.js'
import { createProject } from '../config/project.js'

const typescript = `
  import { workers } from './shared.ts'
  interface Shape { readonly workers: number }
  const config: Shape = { workers: await Promise.resolve(workers) }
  export default config satisfies Shape`

const forms: readonly (readonly [string, string, Record<string, string>])[] = [
  [
    'TypeScript with top-level await',
    'c.ts',
    { 'c.ts': typescript, 'shared.ts': 'export const workers: number = 2' },
  ],
  ['TypeScript, .mts', 'c.mts', { 'c.mts': 'export default { workers: 2 as number }' }],
  ['TypeScript that is CommonJS', 'c.cts', { 'c.cts': 'module.exports = { workers: 2 as number }' }],
  ['ESM, .mjs', 'c.mjs', { 'c.mjs': 'export default { workers: 2 }' }],
  ['ESM, .js', 'c.js', { 'c.js': 'export default { workers: 2 }', 'package.json': '{ "type": "module" }' }],
  ['CommonJS, .js', 'c.js', { 'c.js': 'module.exports = { workers: 2 }', 'package.json': '{}' }],
  ['CommonJS, .cjs', 'c.cjs', { 'c.cjs': 'module.exports = { workers: 2 }' }],
  ['JSON', 'c.json', { 'c.json': '{ "workers": 2 }' }],
  ['a function', 'c.mjs', { 'c.mjs': 'export default () => ({ workers: 2 })' }],
  ['an async function', 'c.cjs', { 'c.cjs': 'module.exports = async () => ({ workers: 2 })' }],
  [
    'an async function in TypeScript',
    'c.ts',
    { 'c.ts': 'export default async (): Promise<object> => ({ workers: 2 })' },
  ],
]

for (const [form, name, files] of forms)
  test(`a config file may be ${form}, and is read anew every time`, async () => {
    await using project = await createProject(files)
    const first = await readConfigFile(name, project.path)
    expect(first.value).toEqual({ workers: 2 })
    expect(first.path).toBe(join(project.path, name))

    const changed = Object.entries(files).map(
      ([file, content]) => [file, content.replaceAll('2', '33')] as const,
    )
    await project.write(Object.fromEntries(changed))
    expect((await readConfigFile(name, project.path)).value).toEqual({ workers: 33 })
  })

test('config files are looked for in a fixed order', async () => {
  const names = ['ts', 'mts', 'js', 'mjs', 'json'].map(extension => `tunicorn.config.${extension}`)
  await using project = await createProject(Object.fromEntries(names.toReversed().map(name => [name, ''])))
  expect(findConfigFiles(project.path)).toEqual(names)
})

test('a config file that was named and is not there has its own code', async () => {
  await using project = await createProject()
  const error = await errorOf(readConfigFile('conf/none.ts', project.path))
  expect(error.code).toBe('CONFIG_NOT_FOUND')
  expect(error.message).toBe(
    `The config file \`conf/none.ts\` was not found: there is no file ${join(project.path, 'conf/none.ts')}`,
  )
})

const broken: readonly (readonly [string, string, string, RegExp])[] = [
  ['throws', 'c.mjs', `throw new RangeError('no luck')`, /c\.mjs could not be loaded: RangeError: no luck/],
  ['has a syntax error', 'c.ts', 'export default {', /c\.ts could not be loaded: .*Unexpected token/],
  ['is wrong JSON', 'c.json', '{ workers: 2 }', /c\.json could not be loaded: SyntaxError/],
  ['has no default export', 'c.mjs', 'export const workers = 2', /no default export; write `export default/],
  ['has no default export in TypeScript', 'c.ts', 'export const workers = 2', /no default export/],
  ['imports what is not there', 'c.ts', `import 'not-installed'`, /Cannot find .*not-installed/],
  [
    'exports a function that rejects',
    'c.mjs',
    `export default async () => { throw new Error('later') }`,
    /Error: later/,
  ],
]

for (const [what, name, content, expected] of broken)
  test(`a config file that ${what} is an error that names the file`, async () => {
    await using project = await createProject({ [name]: content })
    const error = await errorOf(readConfigFile(name, project.path))
    expect(error.code).toBe('CONFIG_LOAD_FAILED')
    expect(error.message).toMatch(expected)
    expect(error.cause).toBeInstanceOf(Error)
  })

const endless: readonly (readonly [string, string, string])[] = [
  ['exports a function that never settles', 'c.mjs', 'export default () => new Promise(() => {})'],
  ['never ends to be evaluated', 'c.mjs', 'await new Promise(() => {}); export default {}'],
  ['never ends to be evaluated in TypeScript', 'c.ts', 'await new Promise(() => {}); export default {}'],
]

for (const [what, name, content] of endless)
  test(`a config file that ${what} is given up, and read anew the next time`, async () => {
    await using project = await createProject({ [name]: content })
    const error = await errorOf(readConfigFile(name, project.path, 50))
    expect(error.code).toBe('CONFIG_LOAD_FAILED')
    expect(error.message).toBe(
      `The config file ${name} was not read within 0.05 s: it, or the function that it exports, awaits something that does not come. Give that a time limit of its own, or take it out`,
    )
    await project.write({ [name]: 'export default { workers: 2 }' })
    expect((await readConfigFile(name, project.path)).value).toEqual({ workers: 2 })
  })
