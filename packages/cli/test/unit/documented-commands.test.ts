/** Every command line of this project that a document shows is one that the command understands. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { codeBlocks } from '@tunicorn/harness'
import { parseArgsStringToArgv } from 'string-argv'
import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../src/arguments.js'
import { ctlCommands, parseCtlArguments } from '../../src/ctl/ctl-order.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

const documents: readonly string[] = [
  'README.md',
  ...readdirSync(`${root}docs`).map(name => `docs/${name}`),
  ...readdirSync(`${root}packages`).map(name => `packages/${name}/README.md`),
].filter(file => file.endsWith('.md'))

const texts = new Map(
  documents.flatMap(file => {
    const text = readIfThere(file)
    return text === undefined ? [] : [[file, text] as const]
  }),
)

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(`${root}${file}`, 'utf8')
  } catch {
    return undefined
  }
}

/** Lines of shell code, and what prose names as a command. */
function commandsIn(markdown: string): readonly string[] {
  const lines = codeBlocks(markdown)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.split('\n'))
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '')
  const named = [...prose.matchAll(/`((?:npx )?tunicorn [^`]+)`/g)].map(([, command = '']) => command)
  return [...lines, ...named]
    .map(line => line.replace(/^\s*(?:npx )?/, '').replace(/\s+(?:[#>|]|&&).*$/, ''))
    .filter(line => line.startsWith('tunicorn ') && !/[…$]/.test(line))
}

/** What is wrong with a command line; undefined: nothing. */
function problemOf(command: string): string | undefined {
  const [, ...args] = parseArgsStringToArgv(command)
  const [first = '', second = '', ...more] = args
  if (['classes', 'import', 'top'].includes(first)) return undefined
  if (first === 'ctl') {
    // As the name of the command alone.
    if (more.length === 0 && ctlCommands().includes(second)) return undefined
    return failureOf(() => parseCtlArguments(args.slice(1).map(argument => argument.replace('WORKER', '1'))))
  }
  return failureOf(() => {
    const { unknown, excess } = parseArguments(args).flags
    if (unknown.length + excess.length > 0) throw new Error(`unknown: ${[...unknown, ...excess].join(' ')}`)
  })
}

function failureOf(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    return String(error)
  }
}

describe.each([...texts].filter(([, text]) => commandsIn(text).length > 0))('%s', (_file, text) => {
  test('shows only commands that there are, with flags that there are', () => {
    const wrong = commandsIn(text)
      .map(command => ({ command, problem: problemOf(command) }))
      .filter(({ problem }) => problem !== undefined)
    expect(wrong).toEqual([])
  })
})

test('commands are found, and a wrong one is seen', () => {
  expect(texts.size).toBeGreaterThan(25)
  expect(commandsIn(texts.get('docs/operating.md') ?? '')).toContain('tunicorn ctl scale web 4 --wait')
  expect(problemOf('tunicorn ./app.js --wrokers 2')).toMatch(/--wrokers/)
  expect(problemOf('tunicorn ctl scale web 4 --weit')).toMatch(/--weit/)
})
