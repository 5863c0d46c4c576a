import { expect, test } from 'vitest'
import { codeBlocks, codeIn } from '../../src/index.js'

const text = [
  '# Title',
  '```js',
  '// app.mjs',
  'run()',
  '```',
  '',
  '```sh',
  'npm i',
  '```',
  '```',
  'x',
  '```',
  '',
].join('\n')

test('code blocks have their language, their lines and the file name that they begin with', () => {
  expect(codeBlocks(text)).toEqual([
    { language: 'js', fileName: 'app.mjs', code: '// app.mjs\nrun()\n' },
    { language: 'sh', fileName: '', code: 'npm i\n' },
  ])
})

test('the code of one language is found', () => {
  expect(codeIn(text, 'sh')).toEqual(['npm i\n'])
  expect(codeIn(text, 'yaml')).toEqual([])
})
