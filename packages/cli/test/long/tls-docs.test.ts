/** What docs/tls.md shows, run in its order. */
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { codeIn, type RunningProcess, servingUrl, startTunicorn, tunicornMain } from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { createAuthority } from '../e2e/support/certificates.js'
import { freePort } from '../e2e/support/ports.js'
import { askSecurely } from '../e2e/support/tls-client.js'
import { createProject } from '../integration/project.js'

const run = promisify(execFile)
const document = await readFile(new URL('../../../../docs/tls.md', import.meta.url), 'utf8')

test('every block of docs/tls.md works', async () => {
  const port = await freePort()
  const plainPort = await freePort(port + 1)
  const here = (code: string): string =>
    code.trimEnd().replaceAll('8443', String(port)).replaceAll('8080', String(plainPort))
  // What follows these is for a checkout, and `npm run test:soak` runs it.
  const [openssl = '', start = '', curl = '', hook = '', mutual = ''] = codeIn(document, 'sh').map(here)
  const [config = '', app = ''] = codeIn(document, 'js').map(here)
  await using project = await createProject({ 'app.mjs': app })
  const env = { ...process.env, XDG_RUNTIME_DIR: project.path, TMPDIR: project.path }
  const shell = async (code: string): Promise<string> =>
    (
      await run('sh', ['-c', code.replace('tunicorn', `'${process.execPath}' '${tunicornMain}'`)], {
        cwd: project.path,
        env,
      })
    ).stdout
  const serve = async (args: readonly string[]): Promise<RunningProcess> => {
    const running = await startTunicorn({ args: [...args, '--canary-seconds', '0'], cwd: project.path, env })
    await servingUrl(running)
    return running
  }
  const argumentsOf = (command: string): readonly string[] => command.split(' ').slice(1)

  await shell(openssl)
  const ca = await readFile(`${project.path}/server.crt`, 'utf8')
  {
    await using running = await serve(argumentsOf(start))
    expect(await shell(curl)).toBe('Hello stranger')
    await shell(hook)
    await running.waitForOutput(/Reload done/)
    await running.stop()
  }
  {
    const authority = await createAuthority(project.path, 'clients')
    const { certfile, keyfile } = await authority.issue('alice')
    await using running = await serve(argumentsOf(mutual))
    const url = `https://localhost:${port}`
    await expect(askSecurely(url, { ca })).rejects.toThrow()
    const pair = { cert: await readFile(certfile), key: await readFile(keyfile) }
    expect((await askSecurely(url, { ca, ...pair })).text).toBe('Hello alice')
    await running.stop()
  }
  {
    const authority = await createAuthority(project.path, 'names')
    const api = await authority.issue('api.example', { names: ['api.example'] })
    await writeFile(`${project.path}/api.crt`, await readFile(api.certfile))
    await writeFile(`${project.path}/api.key`, await readFile(api.keyfile))
    await writeFile(`${project.path}/tunicorn.config.mjs`, config)
    await using running = await serve([])
    expect(await (await fetch(`http://127.0.0.1:${plainPort}`)).text()).toBe('Hello stranger')
    const named = await askSecurely(`https://localhost:${port}`, {
      servername: 'api.example',
      ca: await readFile(authority.certfile),
    })
    expect(named.certificate.subject.CN).toBe('api.example')
    expect((await askSecurely(`https://localhost:${port}`, { ca })).certificate.subject.CN).toBe('localhost')
    await running.stop()
  }
})
