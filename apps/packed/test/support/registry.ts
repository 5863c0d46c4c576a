/** A registry on this machine that has the packages under test, and nothing else. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { portOf } from '@tunicorn/harness'
import { type Manifest, parseManifest } from './manifest.js'
import { runToEnd } from './run.js'

export interface LocalRegistry extends AsyncDisposable {
  readonly url: string
}

interface Release {
  readonly manifest: Manifest
  readonly file: string
  readonly content: Buffer
}

/** Serves these tarballs; several versions of one package are its releases, the last one the latest. */
export async function startRegistry(tarballs: readonly string[]): Promise<LocalRegistry> {
  const releases = await Promise.all(tarballs.map(readRelease))
  const server = createServer((request, response) => answer(releases, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readRelease(tarball: string): Promise<Release> {
  const manifest = parseManifest(await runToEnd('tar', ['-xzOf', tarball, 'package/package.json']))
  return { manifest, file: basename(tarball), content: await readFile(tarball) }
}

function answer(
  releases: readonly Release[],
  { url = '', headers }: IncomingMessage,
  response: ServerResponse,
): void {
  const name = decodeURIComponent(url.slice(1))
  const tarball = releases.find(({ file }) => file === name)
  if (tarball !== undefined) return void response.end(tarball.content)
  const named = releases.filter(({ manifest }) => manifest.name === name)
  if (named.length === 0) response.statusCode = 404
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(named.length === 0 ? {} : packument(named, `http://${headers.host}`)))
}

function packument(releases: readonly Release[], origin: string): object {
  const versions = releases.map(({ manifest, file, content }) => [
    manifest.version,
    { ...manifest, dist: { tarball: `${origin}/${file}`, integrity: integrityOf(content) } },
  ])
  const latest = releases.at(-1)?.manifest
  return {
    name: latest?.name,
    'dist-tags': { latest: latest?.version },
    versions: Object.fromEntries(versions),
  }
}

function integrityOf(content: Buffer): string {
  return `sha512-${createHash('sha512').update(content).digest('base64')}`
}
