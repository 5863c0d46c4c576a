import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { startInTerminal, type TerminalStep, temporaryDirectory, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'

const command = fileURLToPath(new URL('../../bin/create-tunicorn-worker.js', import.meta.url))

const enter = '\r'
const down = '\u001b[B'
const controlC = '\u0003'
const escapeKey = '\u001b'
/** A prompt that has hidden it has to show it again. */
const shownCursor = '\u001b[?25h'
const hiddenCursor = '\u001b[?25l'

interface Ending {
  readonly code: number | null
  readonly raw: string
  /** Without colours and movements. */
  readonly screen: string
}

async function typeInto(
  cwd: string,
  args: readonly string[],
  steps: readonly TerminalStep[],
): Promise<Ending> {
  await using running = await startInTerminal([testNode(), command, ...args], { cwd, steps })
  const { code } = await running.exited
  return { code, raw: running.output, screen: stripVTControlCharacters(running.output) }
}

const nameAsked = 'How is the worker class called?'
const languageAsked = 'What is it written in?'

test('what is not given is asked for, and written', async () => {
  await using directory = await temporaryDirectory()
  const { code, screen } = await typeInto(
    directory.path,
    [],
    [
      [nameAsked, `fast-lane${enter}`],
      [languageAsked, `${down}${enter}`],
    ],
  )
  expect(screen).toContain('Wrote the worker class to tunicorn-worker-fast-lane. Next:')
  expect(code, screen).toBe(0)
  const sources = await readdir(`${directory.path}/tunicorn-worker-fast-lane/src`)
  expect(sources.sort()).toEqual(['fast-lane-worker.js', 'index.js'])
})

test('only what is missing is asked for', async () => {
  await using directory = await temporaryDirectory()
  const named = await typeInto(directory.path, ['mine'], [[languageAsked, enter]])
  expect(named.screen).not.toContain(nameAsked)
  expect(await readdir(`${directory.path}/tunicorn-worker-mine/src`)).toContain('index.ts')
  const spoken = await typeInto(directory.path, ['-l', 'js'], [[nameAsked, `other${enter}`]])
  expect(spoken.screen).not.toContain(languageAsked)
  expect(await readdir(`${directory.path}/tunicorn-worker-other/src`)).toContain('index.js')
  expect([named.code, spoken.code]).toEqual([0, 0])
})

test('a name that is not right is asked for again, with the reason, until it is', async () => {
  await using directory = await temporaryDirectory()
  const erase = '\u007f'.repeat('My Class'.length)
  const { code, screen } = await typeInto(
    directory.path,
    ['--language', 'ts'],
    [
      [nameAsked, `My Class${enter}`],
      ['lower-case words joined by "-"', `${erase}asgi${enter}`],
      ['is the name of a worker class of Tunicorn. Choose another', `-of-mine${enter}`],
    ],
  )
  expect(code, screen).toBe(0)
  const manifest = await readFile(`${directory.path}/tunicorn-worker-asgi-of-mine/package.json`, 'utf8')
  expect(JSON.parse(manifest)).toMatchObject({ name: 'tunicorn-worker-asgi-of-mine' })
})

for (const [moment, steps] of [
  ['at the name', [[nameAsked, `half-a-na${controlC}`]]],
  [
    'at the language',
    [
      [nameAsked, `fast-lane${enter}`],
      [languageAsked, controlC],
    ],
  ],
  ['with Escape', [[nameAsked, escapeKey]]],
] as const)
  test(`who leaves ${moment} leaves nothing behind, and is told so in one line`, async () => {
    await using directory = await temporaryDirectory()
    const { code, raw, screen } = await typeInto(directory.path, [], steps)
    expect(code, screen).toBe(130)
    expect(screen).toMatch(/\nNothing was written\.\r?\n$/)
    expect(screen).not.toMatch(/Error|\bat .*:\d+/)
    expect(raw.lastIndexOf(shownCursor)).toBeGreaterThan(raw.lastIndexOf(hiddenCursor))
    expect(await readdir(directory.path)).toEqual([])
  })
