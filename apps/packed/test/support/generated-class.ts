import { join } from 'node:path'
import { servingUrl, startProcess } from '@tunicorn/harness'
import { expect } from 'vitest'
import { InstalledProject } from './installed-project.js'

/** What the generator writes passes its own test, packs what it needs, and serves. */
export async function useGeneratedClass(language: 'ts' | 'js'): Promise<void> {
  await using generator = await InstalledProject.create({ install: ['create-tunicorn-worker'] })
  await generator.run('npx', ['create-tunicorn-worker', 'fast-lane', '--language', language])
  const project = InstalledProject.at(join(generator.path, 'tunicorn-worker-fast-lane'))
  await project.install(['tunicorn', '--no-save'])

  const output = await project.run('npm', ['test'])
  expect(output).toMatch(/fast-lane conforms to WorkerClass contract 1 \(\d+ clauses, \d+ as refusals\)/)
  const packed = await project.run('npm', ['pack', '--dry-run', '--ignore-scripts'])
  expect(packed).toContain(language === 'ts' ? 'dist/fast-lane-worker.js' : 'src/fast-lane-worker.js')
  expect(packed).not.toContain('conformance')

  await using running = await startProcess('npm', ['start'], {
    cwd: project.path,
    env: { TUNICORN_CMD_ARGS: '--bind 127.0.0.1:0' },
  })
  const response = await fetch(await servingUrl(running, 60_000))
  expect(await response.text()).toMatch(/^Hello from fast-lane, worker \d+\n$/)
}
