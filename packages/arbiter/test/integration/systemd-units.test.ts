import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, test } from 'vitest'

const document = new URL('../../../../docs/systemd.md', import.meta.url)

/** The units of the document, by file name. */
async function units(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(document, 'utf8')
  return new Map(
    [...text.matchAll(/^`(tunicorn\.\w+)`[^\n]*\n\n```ini\n(.*?)^```$/gms)].map(
      ([, name = '', unit = '']) => [name, unit],
    ),
  )
}

test('the units in docs/systemd.md belong together', async () => {
  const found = await units()
  expect([...found.keys()]).toEqual(['tunicorn.service', 'tunicorn.socket'])
  const service = found.get('tunicorn.service') ?? ''
  expect(service).toMatch(/^NotifyAccess=all$/m)
  const stop = Number(/^TimeoutStopSec=(\d+)$/m.exec(service)?.[1])
  const graceful = Number(/--graceful-timeout (\d+)/.exec(service)?.[1])
  expect(stop).toBeGreaterThan(graceful + 2)
})

const isThere = spawnSync('systemd-analyze', ['--version']).status === 0
if (isThere || process.env.CI)
  test('systemd finds nothing wrong with the units in docs/systemd.md', async () => {
    await using directory = await temporaryDirectory()
    const paths = await Promise.all(
      [...(await units())].map(async ([name, unit]) => {
        const path = `${directory.path}/${name}`
        await writeFile(path, unit.replace('/srv/app/node_modules/.bin/tunicorn', process.execPath))
        return path
      }),
    )
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', ...paths], {
      encoding: 'utf8',
    })
    expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' })
  })
else console.log('the units in docs/systemd.md are not verified here: systemd-analyze missing')
