/** The values in the commands that the documents for newcomers from elsewhere name are right ones; their flags are in `test/unit`. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from '../integration/project.js'

const documents = await Promise.all(
  ['pm2', 'watt', 'cluster', 'gunicorn'].map(name =>
    readFile(new URL(`../../../../docs/from-${name}.md`, import.meta.url), 'utf8'),
  ),
)
const commands = new Set(
  documents.flatMap(text => [...text.matchAll(/`tunicorn ([^`>]+)/g)].map(([, args = '']) => args.trim())),
)
const runs = [...commands].filter(args => args.startsWith('./app.mjs'))

test.each(runs)('tunicorn %s', async args => {
  await using project = await createProject()
  const { code, output } = await runToEnd(project, [...args.split(' '), '--print-config'])
  expect(code, output).toBe(0)
})

test('commands are found in the documents', () => {
  expect(runs.length).toBeGreaterThan(10)
})
