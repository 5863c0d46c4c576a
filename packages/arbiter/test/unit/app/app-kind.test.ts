import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { loadApp } from '../../../src/app/load.js'
import { errorOf } from '../config/load.js'
import { createProject } from '../config/project.js'

/** Says that it was loaded, by a file beside it. */
const app = `
import { writeFileSync } from 'node:fs'
writeFileSync(new URL('./loaded', import.meta.url), '')
export default (req, res) => res.end()
`

test.each([
  ['asgi', ['node', 'fetch'], 'before'],
  ['node', ['asgi'], 'before'],
  ['no-such-kind', ['node', 'fetch'], 'before'],
  ['auto', ['asgi'], 'after'],
])(
  'an app of kind %s is refused for a class that runs %j, %s it is loaded',
  async (kind, appKinds, moment) => {
    await using project = await createProject({ 'app.mjs': app })
    const url = pathToFileURL(join(project.path, 'app.mjs')).href
    const error = await errorOf(loadApp({ url, exportName: '', kind, specifier: 'app.mjs' }, appKinds))
    expect(error.code).toBe('APP_KIND_UNSUPPORTED')
    expect(error.message).toContain(`the worker class runs ${appKinds.join(', ')}`)
    expect(existsSync(join(project.path, 'loaded'))).toBe(moment === 'after')
  },
)
