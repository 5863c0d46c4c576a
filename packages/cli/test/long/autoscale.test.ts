/** Workers that follow their load, as whoever runs the server sees them. */
import { mkdir } from 'node:fs/promises'
import { findServers } from '@tunicorn/arbiter/control'
import { temporaryDirectory } from '@tunicorn/harness'
import { expect, it } from 'vitest'
import { createProject, runToEnd } from '../integration/project.js'
import { growUnderLoad, serveBusy } from '../runs/autoscale.js'

it('a server gets more workers under load, says why, and has as many as somebody says who scales it', async () => {
  await using directory = await temporaryDirectory()
  const env = { XDG_RUNTIME_DIR: `${directory.path}/run`, TMPDIR: `${directory.path}/tmp` }
  for (const path of Object.values(env)) await mkdir(path)
  await using project = await createProject()
  const ctl = (...args: readonly string[]) => runToEnd(project, ['ctl', ...args], env)
  await using server = await serveBusy(['--autoscale', '1-2', '--log-level', 'debug'], env)
  await server.waitForOutput(/Control socket at/)
  const bounds = { min: 1, max: 2, isOn: true, isShortOfMemory: false }

  // The first decision comes with the first look at the load. A worker that waits for a processor may look busy by then.
  const autoscale = async () => (await findServers(env))[0]?.status?.groups[0]?.autoscale
  await expect.poll(autoscale).toMatchObject(bounds)

  await growUnderLoad(server, 2)
  const { output } = await ctl('status', '--json')
  const { groups } = JSON.parse(output)
  expect(groups[0]).toMatchObject({
    target: 2,
    autoscale: {
      ...bounds,
      reason: { kind: 'load', text: expect.stringMatching(/^the worker is \d+ % busy$/) },
    },
  })
  expect((await ctl('status')).output).toMatch(
    / {2}autoscale {2}1 to 2 {2}load [\d.]+ {2}since .*: the worker is \d+ % busy/,
  )
  const metrics = (await ctl('metrics')).output
  expect(metrics).toContain('tunicorn_workers_target{group="default"} 2')
  expect(metrics).toContain('tunicorn_autoscale_limit{group="default",bound="max"} 2')
  expect(metrics).toMatch(/tunicorn_autoscale_load\{group="default"\} \d/)

  expect((await ctl('scale', '3', '--wait')).output).toBe(
    'default: 3 workers (before: 2; autoscale is off until the next reload)\n',
  )
  expect((await ctl('status')).output).toContain(
    'autoscale  1 to 2  off until the next reload: scaled by hand',
  )
  await server.waitForOutput(/Autoscale is off until the next reload: scaled by hand/)
  expect((await ctl('reload', '--wait')).code).toBe(0)
  await server.waitForOutput(/Autoscale is on again/)
  const [after] = await findServers(env)
  expect(after?.status?.groups[0]).toMatchObject({ target: 2, autoscale: { isOn: true } })
  await server.stop()
})
