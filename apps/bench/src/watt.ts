/** Watt, which runs its workers in threads of one process. */
import { mkdir, writeFile } from 'node:fs/promises'
import { type Contender, serverFile } from './contender.js'
import { freePort } from './free-port.js'
import { npmPeer } from './npm-peer.js'

/** Two workers of Watt, or why there are none. */
export async function findWatt(progress: (text: string) => void): Promise<Contender | string> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 22 || (major === 22 && minor < 19)) return 'Watt: needs Node.js 22.19'
  const folder = await npmPeer('watt', ['wattpm', '@platformatic/node'], progress)
  if (folder === undefined) return 'Watt: could not be installed'
  await mkdir(folder, { recursive: true })
  const port = await freePort()
  const config = {
    $schema: 'https://schemas.platformatic.dev/@platformatic/node/3.0.0.json',
    node: { main: 'server.mjs' },
    runtime: { server: { hostname: '127.0.0.1', port }, workers: { static: 2 }, watch: false },
  }
  const server = `import ${JSON.stringify(serverFile('bare.mjs'))}\n`
  await writeFile(`${folder}/package.json`, '{ "private": true, "type": "module" }\n')
  await writeFile(`${folder}/watt.json`, `${JSON.stringify(config, null, 2)}\n`)
  await writeFile(`${folder}/server.mjs`, server)
  return {
    name: 'Watt',
    command: [process.execPath, `${folder}/node_modules/wattpm/bin/cli.js`, 'start', folder],
    env: { BENCH_PORT: String(port) },
  }
}
