import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { directoryPrefix, removeAbandoned } from '../../src/directory/abandoned.js'

/** Was a process's, and is not any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

function directoryOf(folder: string, owner: number | string | undefined): string {
  const made = mkdtempSync(join(folder, directoryPrefix))
  mkdirSync(`${made}/within`)
  if (owner !== undefined) writeFileSync(`${made}/owner`, String(owner))
  return made
}

test('a directory whose owner is gone is removed, and what its links lead to stays', async () => {
  await using directory = await temporaryDirectory()
  await using elsewhere = await temporaryDirectory()
  writeFileSync(`${elsewhere.path}/file`, '')
  const made = directoryOf(directory.path, deadPid())
  symlinkSync(elsewhere.path, `${made}/link`)
  removeAbandoned(directory.path)
  expect(existsSync(made)).toBe(false)
  expect(readdirSync(elsewhere.path)).toEqual(['file'])
})

test('the directory of a living owner, of nobody known, or under another name stays', async () => {
  await using directory = await temporaryDirectory()
  const kept = [process.pid, 1, undefined, '', '-1', '0', `${deadPid()}x`].map(owner =>
    directoryOf(directory.path, owner),
  )
  mkdirSync(`${directory.path}/other`, { mode: 0o700 })
  writeFileSync(`${directory.path}/other/owner`, String(deadPid()))
  removeAbandoned(directory.path)
  expect(kept.filter(existsSync)).toEqual(kept)
  expect(existsSync(`${directory.path}/other/owner`)).toBe(true)
})

test('a link in the place of a directory is not followed, and what others may write to is not trusted', async () => {
  await using directory = await temporaryDirectory()
  await using elsewhere = await temporaryDirectory()
  const real = directoryOf(elsewhere.path, deadPid())
  symlinkSync(real, `${directory.path}/${directoryPrefix}linked`)
  const open = directoryOf(directory.path, deadPid())
  chmodSync(open, 0o755)
  removeAbandoned(directory.path)
  expect(existsSync(`${real}/owner`)).toBe(true)
  expect(existsSync(open)).toBe(true)
})
