import { expect, test } from 'vitest'
import { isSameSet, isWatched, watchedFiles } from '../../src/watched-files.js'

const files = watchedFiles({
  apps: ['file:///srv/node_modules/shop/src/app.js', 'file:///srv/node_modules/shop/src/admin.ts'],
  extra: ['/srv/.env', '/srv/node_modules/shop/views', '/srv/node_modules/shop/src/data/texts.json'],
  ignored: ['/srv/node_modules/shop/src/data', '/srv/node_modules/shop/src/made.js'],
})

test('each directory of an app is watched once', () => {
  expect(files.directories).toEqual(['/srv/node_modules/shop/src'])
})

test.each([
  ['/srv/node_modules/shop/src/app.js', true],
  ['/srv/node_modules/shop/src/lib/deep/x.mts', true],
  ['/srv/node_modules/shop/src/data.JSON', true],
  ['/srv/node_modules/shop/src/server.log', false],
  ['/srv/node_modules/shop/src/db.sqlite', false],
  ['/srv/node_modules/shop/src/app.js~', false],
  ['/srv/node_modules/shop/src/node_modules/x/index.js', false],
  ['/srv/node_modules/shop/src/.git/config.json', false],
  ['/srv/node_modules/shop/src/.cache/x.js', false],
  ['/srv/node_modules/shop/src/.eslintrc.json', false],
  ['/srv/node_modules/shop/src2/app.js', false],
  ['/srv/node_modules/shop/test/app.js', false],
  ['/srv/node_modules/shop/src/data/x.json', false],
  ['/srv/node_modules/shop/src/data/texts.json', true],
  ['/srv/node_modules/shop/src/made.js', false],
  ['/srv/.env', true],
  ['/srv/.env.local', false],
  ['/srv/node_modules/shop/views/.partials/head.html', true],
])('a change of %s counts: %s', (path, expected) => {
  expect(isWatched(path, false, files)).toBe(expected)
})

test.each([
  ['/srv/node_modules/shop/src', true],
  ['/srv/node_modules/shop/src/lib', true],
  ['/srv/node_modules/shop/src/node_modules', false],
  ['/srv/node_modules/shop/src/.git', false],
  ['/srv/node_modules/shop/src/data', false],
])('the directory %s is looked into: %s', (path, expected) => {
  expect(isWatched(path, true, files)).toBe(expected)
})

test('an app right below the root of the file system is watched alone', () => {
  const alone = watchedFiles({ apps: ['file:///app.js'], extra: [], ignored: [] })
  expect(alone).toEqual({ directories: [], extra: ['/app.js'], ignored: [] })
  expect(isWatched('/app.js', false, alone)).toBe(true)
  expect(isWatched('/etc/x.js', false, alone)).toBe(false)
})

test('the same files are recognised', () => {
  expect(isSameSet(files, { ...files })).toBe(true)
  expect(isSameSet(files, { ...files, extra: [] })).toBe(false)
})
