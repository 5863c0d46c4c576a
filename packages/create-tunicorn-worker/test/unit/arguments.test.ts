import { expect, test } from 'vitest'
import { parseCommandLine } from '../../src/arguments.js'

test('everything may be given as flags', () => {
  expect(parseCommandLine(['mine', '--language', 'TypeScript', '-f', 'x'])).toEqual({
    action: 'create',
    name: 'mine',
    language: 'ts',
    folder: 'x',
  })
  expect(parseCommandLine([])).toMatchObject({ action: 'create', name: undefined, language: undefined })
})

test('help and version go before everything else', () => {
  expect(parseCommandLine(['a', 'b', '-h']).action).toBe('help')
  expect(parseCommandLine(['--version', '-l', 'cobol']).action).toBe('version')
})

for (const [args, problem] of [
  [['mine', '--langauge', 'ts'], /^Unknown option '--langauge'\. See --help$/],
  [['mine', '--language'], /--language/],
  [['mine', '--language', 'cobol'], /`ts` or `js`, got `cobol`/],
  [['my', 'class'], /Expected one name, got 2: my class/],
] as const)
  test(`\`${args.join(' ')}\` is refused`, () => {
    expect(() => parseCommandLine(args)).toThrow(problem)
  })
