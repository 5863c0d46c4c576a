import { join } from 'node:path'
import { expect, test } from 'vitest'
import { reportWorkerClasses } from '../../../src/contract/class-report.js'
import { resolveWorkerClass } from '../../../src/contract/resolve.js'
import { errorOf } from '../config/load.js'
import { createProject, type Project, workerClassSource } from '../config/project.js'

interface Situation {
  /** What the worker class asks for as a peer. */
  readonly range: string
  /** The arbiter that it sees. */
  readonly installed: string
  readonly source?: string
}

function projectWith({ range, installed, source = workerClassSource('mine') }: Situation): Promise<Project> {
  const manifest = (name: string, version: string, more: object = {}): string =>
    JSON.stringify({ name, version, type: 'module', exports: './index.js', ...more })
  return createProject({
    'package.json': manifest('app', '1.0.0', { dependencies: { 'tunicorn-worker-mine': '3' } }),
    'node_modules/tunicorn-worker-mine/package.json': manifest('tunicorn-worker-mine', '3.1.4', {
      peerDependencies: { '@tunicorn/arbiter': range },
    }),
    'node_modules/tunicorn-worker-mine/index.js': source,
    'node_modules/@tunicorn/arbiter/package.json': manifest('@tunicorn/arbiter', installed),
  })
}

test('versions that fit are not mentioned, prereleases and ranges that name no version included', async () => {
  const fitting = [
    { range: '>=1.0.0 <2.0.0', installed: '1.2.0' },
    { range: '^1.2.0', installed: '1.2.0' },
    { range: '^1.0.0', installed: '1.3.0-next.1' },
    { range: 'workspace:*', installed: '1.2.0' },
  ]
  for (const situation of fitting) {
    await using project = await projectWith(situation)
    const { warnings } = await resolveWorkerClass('mine', project.path, situation.installed)
    expect([situation, warnings]).toEqual([situation, []])
  }
})

test('a peer range without this arbiter is a warning that names both and says what to do', async () => {
  await using project = await projectWith({ range: '^2.0.0', installed: '1.2.0' })
  const { warnings } = await resolveWorkerClass('mine', project.path, '1.2.0')
  expect(warnings).toEqual([
    'tunicorn-worker-mine 3.1.4 is made for @tunicorn/arbiter ^2.0.0, and 1.2.0 runs it. Install versions that fit: npm install tunicorn@latest tunicorn-worker-mine@latest',
  ])
  const [report] = await reportWorkerClasses(project.path, '1.2.0')
  expect(report).toMatchObject({ type: 'usable', version: '3.1.4', warnings })
})

test('a second arbiter of another version is a warning that names its folder', async () => {
  await using project = await projectWith({ range: '>=1.0.0', installed: '1.1.0' })
  const { warnings } = await resolveWorkerClass('mine', project.path, '1.2.0')
  const folder = join(project.path, 'node_modules/@tunicorn/arbiter')
  expect(warnings).toEqual([
    `tunicorn-worker-mine 3.1.4 uses @tunicorn/arbiter 1.1.0 in ${folder}, and 1.2.0 runs it. Keep one of them: npm install @tunicorn/arbiter@1.2.0`,
  ])
})

test('a class that does not load names the versions that do not fit', async () => {
  await using project = await projectWith({
    range: '^2.0.0',
    installed: '1.2.0',
    source: `throw new SyntaxError('no such export')`,
  })
  const error = await errorOf(resolveWorkerClass('mine', project.path, '1.2.0'))
  expect(error).toMatchObject({
    code: 'WORKER_CLASS_INVALID',
    message: expect.stringMatching(
      /^Worker class "mine" cannot be loaded: SyntaxError: no such export\. tunicorn-worker-mine 3\.1\.4 is made for/,
    ),
  })
})
