/** Verdaccio, a registry as people run it: it keeps what is published to it, and has all else from npm's. */
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { portOf, startProcess, temporaryDirectory } from '@tunicorn/harness'
import { runToEnd } from './run.js'

const own = { access: '$all', publish: '$anonymous', unpublish: '$anonymous' }

export interface Verdaccio extends AsyncDisposable {
  readonly url: string
  /** Environment for package managers: this registry alone, and a cache of their own. */
  readonly env: Readonly<Record<string, string>>
}

export async function startVerdaccio(): Promise<Verdaccio> {
  const directory = await temporaryDirectory()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const npmrc = join(directory.path, 'npmrc')
  await mkdir(join(directory.path, 'verdaccio'))
  await writeFile(
    join(directory.path, 'verdaccio/package.json'),
    JSON.stringify({
      private: true,
      dependencies: { verdaccio: '6.1.6' },
      // It asks for the tag `cjs`, and mirrors of npm's registry may have no tags.
      overrides: { 'node-fetch': '2.7.0' },
    }),
  )
  await runToEnd('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], {
    cwd: join(directory.path, 'verdaccio'),
  })
  // YAML has all of JSON.
  await writeFile(join(directory.path, 'config.yaml'), JSON.stringify(await configIn(directory.path)))
  // npm publishes with a token only, and this registry takes any.
  await writeFile(npmrc, `registry=${url}/\n//127.0.0.1:${port}/:_authToken=any\n`)
  const running = await startProcess(
    join(directory.path, 'verdaccio/node_modules/.bin/verdaccio'),
    ['--config', join(directory.path, 'config.yaml'), '--listen', `127.0.0.1:${port}`],
    { cwd: directory.path, env: { NODE_EXTRA_CA_CERTS: await npmSetting('cafile', directory.path) } },
  )
  await running.waitForOutput(/http address/, 60_000)
  return {
    url,
    env: {
      npm_config_registry: `${url}/`,
      npm_config_userconfig: npmrc,
      npm_config_cache: join(directory.path, 'npm-cache'),
      npm_config_update_notifier: 'false',
      // pnpm's store, and Yarn's folder.
      XDG_CACHE_HOME: join(directory.path, 'cache'),
      XDG_DATA_HOME: join(directory.path, 'data'),
      YARN_GLOBAL_FOLDER: join(directory.path, 'yarn'),
    },
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await directory[Symbol.asyncDispose]()
    },
  }
}

/** What npm is told here counts for the registry behind this one, too. */
async function npmSetting(name: string, cwd: string): Promise<string | undefined> {
  const value = (await runToEnd('npm', ['config', 'get', name], { cwd })).trim()
  return value === 'null' ? undefined : value
}

async function configIn(path: string): Promise<object> {
  const upstream = await npmSetting('registry', path)
  return {
    storage: join(path, 'storage'),
    auth: { htpasswd: { file: join(path, 'htpasswd'), max_users: -1 } },
    uplinks: { npm: { url: upstream } },
    packages: {
      '@tunicorn/*': own,
      tunicorn: own,
      'create-tunicorn-worker': own,
      '**': { access: '$all', proxy: 'npm' },
    },
    log: { type: 'stdout', format: 'pretty', level: 'warn' },
    max_body_size: '50mb',
  }
}

/** Verdaccio does not say which port it got when it is to choose one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const port = portOf(server)
  await new Promise(resolve => server.close(resolve))
  return port
}
