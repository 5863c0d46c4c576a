/** The commands that the documents for newcomers from elsewhere name are commands. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createProject, runToEnd } from './project.js'

const documents = await Promise.all(
  ['pm2', 'cluster', 'gunicorn'].map(name =>
    readFile(new URL(`../../../../docs/from-${name}.md`, import.meta.url), 'utf8'),
  ),
)
const commands = new Set(
  documents.flatMap(text => [...text.matchAll(/`tunicorn ([^`>]+)/g)].map(([, args = '']) => args.trim())),
)
const runs = [...commands].filter(args => args.startsWith('./app.mjs'))
const orders = [...commands].filter(args => args.startsWith('ctl '))

test.each(runs)('tunicorn %s', async args => {
  await using project = await createProject()
  const { code, output } = await runToEnd(project, [...args.split(' '), '--print-config'])
  expect(code, output).toBe(0)
})

test.each(orders)('tunicorn %s', async order => {
  await using project = await createProject()
  const [ctl = '', name = '', ...options] = order.split(' ')
  const { code, output } = await runToEnd(project, [ctl, name, '--help'])
  expect(code, output).toBe(0)
  expect(output).toContain(`tunicorn ctl ${name}`)
  for (const option of options) expect(output).toContain(option)
})

test('commands are found in the documents', () => {
  expect(runs.length).toBeGreaterThan(10)
  expect(orders.length).toBeGreaterThan(3)
})
