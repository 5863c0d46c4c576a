import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProcess, temporaryDirectory, testNode } from '@tunicorn/harness'
import { expect, test } from 'vitest'

const command = fileURLToPath(new URL('../../bin/create-tunicorn-worker.js', import.meta.url))

interface Ending {
  readonly code: number | null
  readonly output: string
}

async function run(cwd: string, args: readonly string[]): Promise<Ending> {
  await using running = await startProcess(testNode(), [command, ...args], { cwd })
  const { code } = await running.exited
  return { code, output: running.output }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

for (const [language, sources] of [
  ['ts', ['src/index.ts', 'src/fast-lane-worker.ts', 'tsconfig.json']],
  ['js', ['src/index.js', 'src/fast-lane-worker.js']],
] as const)
  test(`a package in ${language} is written whole, under its name, with next steps`, async () => {
    await using directory = await temporaryDirectory()
    const { code, output } = await run(directory.path, ['fast-lane', '--language', language])
    expect(output).toContain('cd tunicorn-worker-fast-lane\n  npm install\n  npm test ')
    expect(code).toBe(0)
    const folder = join(directory.path, 'tunicorn-worker-fast-lane')
    const files = await filesOf(folder)
    expect(files).toEqual(
      [
        ...[
          '.gitignore',
          'LICENSE',
          'README.md',
          'example/app.js',
          'package.json',
          'test/conformance.test.js',
        ],
        ...sources,
      ].sort(),
    )
    const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')))
    expect(texts.filter(text => /my-class|MyClass/.test(text))).toEqual([])
    expect(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).toMatchObject({
      name: 'tunicorn-worker-fast-lane',
      dependencies: { '@tunicorn/http': expect.any(String) },
      peerDependencies: { '@tunicorn/arbiter': expect.stringMatching(/^(?:>=0\.\S+ <1\.0\.0|\^\d)/) },
    })
  })

test('a folder that is not empty, or is a file, is left as it is', async () => {
  await using directory = await temporaryDirectory()
  await mkdir(join(directory.path, 'full'))
  await writeFile(join(directory.path, 'full/precious.txt'), 'precious')
  for (const [folder, message] of [
    ['full', /The folder \S+full is not empty: it has precious\.txt/],
    ['full/precious.txt', /is there already, and is not a folder/],
  ] as const) {
    const { code, output } = await run(directory.path, ['mine', '-l', 'js', '-f', folder])
    expect(output).toMatch(message)
    expect(code).toBe(1)
  }
  expect(await filesOf(directory.path)).toEqual(['full/precious.txt'])
})

test('a repository that was just made counts as empty', async () => {
  await using directory = await temporaryDirectory()
  await mkdir(join(directory.path, '.git'))
  const { code, output } = await run(directory.path, ['mine', '-l', 'js', '-f', '.'])
  expect(output).toContain('Wrote the worker class to this folder')
  expect(code).toBe(0)
})

test('without a terminal what is missing is named, and nothing is written', async () => {
  await using directory = await temporaryDirectory()
  for (const [args, missing] of [
    [[], 'Give a name and `--language`: there is no terminal to ask at'],
    [['mine'], 'Give `--language`: there is no terminal to ask at'],
    [['--language', 'ts'], 'Give a name: there is no terminal to ask at'],
  ] as const) {
    const { code, output } = await run(directory.path, args)
    expect(output).toContain(missing)
    expect(output.trimEnd().split('\n')).toHaveLength(1)
    expect(code).toBe(1)
  }
  expect(await filesOf(directory.path)).toEqual([])
})

test('--help and --version print and exit with 0', async () => {
  await using directory = await temporaryDirectory()
  const help = await run(directory.path, ['--help'])
  expect(help.output).toMatch(/^Usage: npm create tunicorn-worker /)
  expect(help.code).toBe(0)
  const { code, output } = await run(directory.path, ['--version'])
  expect(output).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
  expect(code).toBe(0)
})
