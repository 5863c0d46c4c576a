import { expect, test } from 'vitest'
import { nameProblem, packageNameOf, parseClassName, pascalCase } from '../../src/class-name.js'

test('a name may be given with or without the prefix of the package', () => {
  expect(['my-class', 'tunicorn-worker-my-class', ' my-class '].map(parseClassName)).toEqual([
    'my-class',
    'my-class',
    'my-class',
  ])
  expect(packageNameOf('my-class')).toBe('tunicorn-worker-my-class')
  expect(pascalCase('my-class2-x')).toBe('MyClass2X')
})

for (const [name, problem] of [
  ['', /needs a name/],
  ['tunicorn-worker-', /needs a name/],
  ['My-Class', /lower-case words/],
  ['my_class', /lower-case words/],
  ['../up', /lower-case words/],
  ['@acme/x', /lower-case words/],
  ['-x', /lower-case words/],
  ['2fast', /lower-case words/],
  ['asgi', /worker class of Tunicorn/],
  ['tunicorn-worker-sync', /worker class of Tunicorn/],
  ['a'.repeat(101), /at most 100/],
] as const)
  test(`the name \`${name.slice(0, 30)}\` is refused`, () => {
    expect(nameProblem(name)).toMatch(problem)
    expect(() => parseClassName(name)).toThrow(problem)
  })
