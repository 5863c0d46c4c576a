import { readFileSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  codeIn,
  servingUrl,
  startTunicorn,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { validOptions } from '../support/start-worker.js'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

function block(language: string): string {
  const [found] = codeIn(readme, language)
  if (found === undefined) throw new Error(`The README has no block of ${language}`)
  return found
}

/** A project with the packages of this repository and an app. */
async function project(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory()
  const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url))
  await symlink(modules, `${directory.path}/node_modules`)
  await writeFile(`${directory.path}/package.json`, '{"type":"commonjs"}')
  await writeFile(`${directory.path}/app.mjs`, 'export default (req, res) => res.end("as the README says")')
  return directory
}

describe('the README', () => {
  it('has a command that serves', async () => {
    await using directory = await project()
    const args = /^npx tunicorn (.*)$/m.exec(block('sh'))?.[1]?.split(' ') ?? []
    await using server = await startTunicorn({ args: [...args, '-b', '127.0.0.1:0'], cwd: directory.path })
    expect(await (await fetch(await servingUrl(server))).text()).toBe('as the README says')
  })

  it('has a config file that serves', async () => {
    await using directory = await project()
    await writeFile(`${directory.path}/tunicorn.config.ts`, block('ts'))
    await using server = await startTunicorn({ args: ['-b', '127.0.0.1:0'], cwd: directory.path })
    expect(await (await fetch(`${await servingUrl(server)}/health`)).text()).toBe('as the README says')
  })

  it('lists every option and no other', async () => {
    const listed = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name)
    const { threads: _, ...others } = await validOptions({ threads: 1 })
    expect(listed.toSorted()).toEqual(['threads', ...Object.keys(others)].toSorted())
  })
})
