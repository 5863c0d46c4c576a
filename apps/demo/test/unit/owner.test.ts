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
import { removeAbandoned, stagePrefix } from '../../src/stage/owner.js'

/** Was a process's, and is not any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

function stageOf(folder: string, owner: number | string | undefined): string {
  const stage = mkdtempSync(join(folder, stagePrefix))
  mkdirSync(`${stage}/within`)
  if (owner !== undefined) writeFileSync(`${stage}/owner`, String(owner))
  return stage
}

test('a stage whose owner is gone is removed, and what its links lead to stays', async () => {
  await using directory = await temporaryDirectory()
  await using elsewhere = await temporaryDirectory()
  writeFileSync(`${elsewhere.path}/file`, '')
  const stage = stageOf(directory.path, deadPid())
  symlinkSync(elsewhere.path, `${stage}/link`)
  removeAbandoned(directory.path)
  expect(existsSync(stage)).toBe(false)
  expect(readdirSync(elsewhere.path)).toEqual(['file'])
})

test('the stage of a living owner, of nobody known, or under another name stays', async () => {
  await using directory = await temporaryDirectory()
  const kept = [process.pid, 1, undefined, '', '-1', '0', `${deadPid()}x`].map(owner =>
    stageOf(directory.path, owner),
  )
  mkdirSync(`${directory.path}/other`, { mode: 0o700 })
  writeFileSync(`${directory.path}/other/owner`, String(deadPid()))
  removeAbandoned(directory.path)
  expect(kept.filter(existsSync)).toEqual(kept)
  expect(existsSync(`${directory.path}/other/owner`)).toBe(true)
})

test('a link in the place of a stage is not followed, and what others may write to is not trusted', async () => {
  await using directory = await temporaryDirectory()
  await using elsewhere = await temporaryDirectory()
  const real = stageOf(elsewhere.path, deadPid())
  symlinkSync(real, `${directory.path}/${stagePrefix}linked`)
  const open = stageOf(directory.path, deadPid())
  chmodSync(open, 0o755)
  removeAbandoned(directory.path)
  expect(existsSync(`${real}/owner`)).toBe(true)
  expect(existsSync(open)).toBe(true)
})
