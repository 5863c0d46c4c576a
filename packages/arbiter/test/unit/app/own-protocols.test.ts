import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { loadApp } from '../../../src/app/load.js'
import type { LoadedApp } from '../../../src/contract/worker-class.js'
import { errorOf } from '../config/load.js'
import { createProject } from '../config/project.js'

const kinds = ['node', 'fetch'] as const

interface Wanted {
  readonly exportName?: string
  readonly kind?: 'node' | 'auto'
}

async function load(code: string, { exportName = '', kind = 'auto' }: Wanted = {}): Promise<LoadedApp> {
  await using project = await createProject({ 'app.mjs': code })
  const url = pathToFileURL(join(project.path, 'app.mjs')).href
  return await loadApp({ url, exportName, kind, specifier: 'app.mjs' }, kinds)
}

const refusalOf = (code: string, wanted?: Wanted): Promise<unknown> => errorOf(load(code, wanted))

/** What a Fastify instance is known by. */
const fastify = 'const fastify = server => ({ ready: async () => {}, routing() {}, server })\n'

test.each([
  ['https.createServer', `import { createServer } from 'node:https'`, 'createServer()', 'TLS'],
  ['http2.createServer', `import { createServer } from 'node:http2'`, 'createServer()', 'HTTP/2'],
  [
    'http2.createSecureServer',
    `import { createSecureServer } from 'node:http2'`,
    'createSecureServer({})',
    'TLS and HTTP/2',
  ],
])('an app with a server of %s is refused, wherever it is exported', async (_, imports, make, own) => {
  const start = `The app \`app.mjs\` brings its own ${own}, which would not be used: export it without, and `
  const refusal = { code: 'APP_NOT_USABLE', message: expect.stringContaining(start) }
  const plain = 'export const app = (req, res) => res.end()'
  expect(await refusalOf(`${imports}\nexport default ${make}`)).toMatchObject(refusal)
  expect(await refusalOf(`${imports}\nexport const app = ${make}`)).toMatchObject(refusal)
  expect(await refusalOf(`${imports}\nexport default { app: ${make} }`)).toMatchObject(refusal)
  expect(
    await refusalOf(`${imports}\nexport const site = ${make}\n${plain}`, { exportName: 'site' }),
  ).toMatchObject(refusal)
  expect(await refusalOf(`${imports}\nexport default ${make}`, { kind: 'node' })).toMatchObject(refusal)
  expect(await refusalOf(`${imports}\n${fastify}export default fastify(${make})`)).toMatchObject(refusal)
  // Not the next export that would do, in plain text.
  expect(await refusalOf(`${imports}\nexport default ${make}\n${plain}`)).toMatchObject(refusal)
  expect(await refusalOf(`${imports}\nexport default ${make}\n${plain}`, { kind: 'node' })).toMatchObject(
    refusal,
  )
})

test('an app whose server is a plain one is accepted', async () => {
  const imports = `import { createServer } from 'node:http'\n`
  expect(await load(`${imports}export default createServer()`)).toMatchObject({ kind: 'node' })
  expect(await load(`${imports}${fastify}export default fastify(createServer())`)).toMatchObject({
    kind: 'node',
  })
})
