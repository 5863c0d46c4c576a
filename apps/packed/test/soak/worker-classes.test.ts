import { rawExchange } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { InstalledProject } from '../support/installed-project.js'

const nodeApp = `export default (req, res) => res.end('served')`

const classes = [
  { name: 'sync', app: nodeApp, own: [] },
  { name: 'thread-pool', app: nodeApp, own: ['piscina'] },
  {
    name: 'asgi',
    app: `export default async (scope, receive, send) => {
      if (scope.type !== 'http') return
      await send({ type: 'http.response.start', status: 200, headers: [] })
      await send({ type: 'http.response.body', body: new TextEncoder().encode('served') })
    }`,
    own: ['ws'],
  },
]

for (const { name, app, own } of classes)
  test(`${name} alone serves, and brings ${own.join() || 'nothing'} of its own`, async () => {
    await using project = await InstalledProject.create({
      install: ['tunicorn', `@tunicorn/worker-${name}`],
      files: { 'app.js': app },
    })
    const packages = await project.packages()
    const special = ['piscina', 'ws'].filter(each => packages.includes(`node_modules/${each}`))
    expect(special).toEqual(own)
    expect(packages.filter(path => path.endsWith('@tunicorn/arbiter'))).toHaveLength(1)

    const { url, running } = await project.serve('./app.js')
    await using _ = running
    const answer = await rawExchange(url, 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 [\s\S]*served/)
    expect((await running.stop()).code).toBe(0)
  })
