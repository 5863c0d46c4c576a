import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { locateApp } from '../../../src/app/specifier.js'
import { TunicornError } from '../../../src/errors.js'
import { createProject, esmPackage, type Project } from '../config/project.js'

function project(): Promise<Project> {
  return createProject({
    'app.js': `throw new Error('never imported')`,
    'src/app.ts': '',
    'odd:name.js': '',
    'lib/index.mjs': '',
    ...esmPackage('my-pkg', ''),
    'node_modules/my-pkg/other.js': '',
    ...esmPackage('@scope/pkg', ''),
  })
}

const found: readonly (readonly [string, string, string])[] = [
  ['./app.js', 'app.js', ''],
  ['app.js', 'app.js', ''],
  ['./app.js:handler', 'app.js', 'handler'],
  ['./app.js:$h_1', 'app.js', '$h_1'],
  ['src/app.ts:app', 'src/app.ts', 'app'],
  ['./odd:name.js', 'odd:name.js', ''],
  ['./odd:name.js:app', 'odd:name.js', 'app'],
  ['my-pkg', 'node_modules/my-pkg/dist/index.js', ''],
  ['my-pkg:app', 'node_modules/my-pkg/dist/index.js', 'app'],
  ['@scope/pkg:app', 'node_modules/@scope/pkg/dist/index.js', 'app'],
]

for (const [specifier, file, exportName] of found)
  test(`\`${specifier}\` is ${file}${exportName === '' ? '' : `, export ${exportName}`}`, async () => {
    await using directory = await project()
    const url = pathToFileURL(join(directory.path, file)).href
    expect(locateApp(specifier, directory.path)).toEqual({ url, exportName, specifier })
  })

test('an absolute path and a URL are taken as they are', async () => {
  await using directory = await project()
  const path = join(directory.path, 'app.js')
  const url = pathToFileURL(path).href
  expect(locateApp(`${path}:app`, '/elsewhere')).toMatchObject({ url, exportName: 'app' })
  expect(locateApp(`${url}:app`, '/elsewhere')).toMatchObject({ url, exportName: 'app' })
})

const missing: readonly (readonly [string, RegExp])[] = [
  ['./none.js', /^The app `\.\/none\.js` was not found: there is no file \/.*\/none\.js$/],
  ['./app', /there is no file .*\/app\. Did you mean `.*\/app\.js`\?$/],
  ['./src/app.js', /Did you mean `.*\/src\/app\.ts`\?$/],
  ['./lib', /\/lib is a directory\. Did you mean `.*\/lib\/index\.mjs`\?$/],
  ['none-pkg', /there is no file .*none-pkg and no package `none-pkg` is installed there$/],
  ['my-pkg/other.js', /the package `my-pkg\/other\.js` does not export `\.\/other\.js`$/],
  ['file://%zz', /is not the URL of a file$/],
]

for (const [specifier, message] of missing)
  test(`\`${specifier}\` is not found, and the message says where it was looked for`, async () => {
    await using directory = await project()
    const locate = (): unknown => locateApp(specifier, directory.path)
    expect(locate).toThrow(message)
    expect(locate).toThrow(expect.objectContaining({ code: 'APP_NOT_FOUND' }))
    expect(locate).toThrow(TunicornError)
  })
