/** HTTPS from the command to the client: what is spoken, what apps see of it, and what is refused. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { promisify } from 'node:util'
import { startTunicorn, tunicornMain } from '@tunicorn/harness'
import { Agent, WebSocket } from 'undici'
import { describe, expect, test } from 'vitest'
import { type CertificatePair, createAuthority } from '../e2e/support/certificates.js'
import { expectOneMessage } from '../e2e/support/expect-one-message.js'
import { localCertificates } from '../e2e/support/local-certificates.js'
import { apps, type Served, serve, usual, whenServing } from '../e2e/support/served.js'
import { askSecurely } from '../e2e/support/tls-client.js'

const run = promisify(execFile)

const { directory, authority, server, ca } = await localCertificates()

const pairFlags = ({ certfile, keyfile }: CertificatePair): readonly string[] => [
  ...['--certfile', certfile],
  ...['--keyfile', keyfile],
]

function serveSecurely(app: string, args: readonly string[] = []): Promise<Served> {
  return serve(app, { args: [...pairFlags(server), ...args] })
}

async function clientOptions(
  name: string,
  from = authority,
): Promise<{ cert: string; key: string; ca: string }> {
  const { certfile, keyfile } = await from.issue(name)
  return { cert: await readFile(certfile, 'utf8'), key: await readFile(keyfile, 'utf8'), ca }
}

/** With a certificate that is over since yesterday. */
async function expiredClient(): Promise<{ cert: string; key: string; ca: string }> {
  const { certfile, keyfile } = await authority.issue('late')
  const { stdout } = await run('openssl', ['req', '-new', '-key', keyfile, '-subj', '/CN=late'])
  const signer = ['-CA', authority.certfile, '-CAkey', authority.keyfile]
  const signing = run('openssl', ['x509', '-req', ...signer, '-days', '-1', '-out', certfile])
  signing.child.stdin?.end(stdout)
  await signing
  return { cert: await readFile(certfile, 'utf8'), key: await readFile(keyfile, 'utf8'), ca }
}

describe.each(['event-loop', 'sync', 'thread-pool'])('the worker class %s', workerClass => {
  test('serves HTTPS, and node apps see the connection as encrypted', async () => {
    await using served = await serveSecurely('./secure.js:node', ['-k', workerClass])
    expect(served.url).toMatch(/^https:/)
    const { status, text } = await askSecurely(served.url, { ca })
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ encrypted: true, authorized: false, protocol: 'TLSv1.3' })
    expect(await served.stop()).toEqual({ code: 0, signal: null })
  })

  test('gives fetch apps URLs of https', async () => {
    await using served = await serveSecurely('./secure.js', ['-k', workerClass])
    const { text } = await askSecurely(`${served.url}/a?b=c`, { ca })
    expect(text).toBe(`${served.url}/a?b=c`)
  })

  test('asks for certificates of clients, and shows them to the app', async () => {
    const args = ['-k', workerClass, '--ca-certs', authority.certfile, '--cert-reqs', 'required']
    await using served = await serveSecurely('./secure.js:node', args)
    const { text } = await askSecurely(served.url, await clientOptions('alice'))
    expect(JSON.parse(text)).toMatchObject({ authorized: true, peer: 'alice', issuer: 'ca' })
  })
})

test('curl gets the answer of a server whose certificate it trusts', async () => {
  await using served = await serveSecurely('./secure.js:node')
  const { stdout } = await run('curl', ['-sS', '--http1.1', '--cacert', authority.certfile, served.url])
  expect(JSON.parse(stdout)).toMatchObject({ encrypted: true })
})

test('the class asgi tells the scheme and what the extension `tls` has', async () => {
  const args = ['-k', 'asgi', '--ca-certs', authority.certfile, '--cert-reqs', 'optional']
  await using served = await serveSecurely('./secure.js:asgi', args)
  const anonymous = await askSecurely(served.url, { ca, maxVersion: 'TLSv1.2' })
  expect(JSON.parse(anonymous.text)).toMatchObject({
    scheme: 'https',
    hasCert: true,
    chain: 0,
    clientCertName: null,
    clientCertError: null,
    tlsVersion: 0x0303,
  })
  const known = await askSecurely(served.url, await clientOptions('alice'))
  expect(JSON.parse(known.text)).toMatchObject({
    chain: 2,
    clientCertName: 'CN=alice,O=Tests',
    clientCertError: null,
    tlsVersion: 0x0304,
    cipherSuite: 0x1302,
  })
})

test('a WebSocket over TLS has the scheme wss', async () => {
  await using served = await serveSecurely('./secure.js:asgi', ['-k', 'asgi'])
  const dispatcher = new Agent({ connect: { ca } })
  const socket = new WebSocket(served.url.replace('https', 'wss'), { dispatcher })
  const text = await new Promise<string>((resolve, reject) => {
    socket.addEventListener('message', ({ data }) => resolve(String(data)))
    socket.addEventListener('error', () => reject(new Error('The WebSocket failed')))
  })
  await dispatcher.close()
  expect(JSON.parse(text)).toMatchObject({ scheme: 'wss', hasCert: true })
})

describe('certificates of clients', () => {
  test.each([
    ['missing', async () => ({ ca })],
    [
      'of a wrong authority',
      async () => clientOptions('mallory', await createAuthority(directory.path, 'other')),
    ],
    ['expired', expiredClient],
  ])('required, and %s: the handshake fails', async (_, optionsOf) => {
    const args = ['--ca-certs', authority.certfile, '--cert-reqs', 'required']
    await using served = await serveSecurely('./secure.js:node', args)
    const options = await optionsOf()
    await expect(askSecurely(served.url, options)).rejects.toThrow(/alert|ECONNRESET|socket hang up/)
    expect((await askSecurely(served.url, await clientOptions('alice'))).status).toBe(200)
  })

  test('optional, and of a wrong authority: served, and the app sees that it is not authorized', async () => {
    const args = ['--ca-certs', authority.certfile, '--cert-reqs', 'optional']
    await using served = await serveSecurely('./secure.js:node', args)
    const other = await createAuthority(directory.path, 'another')
    const { text } = await askSecurely(served.url, await clientOptions('mallory', other))
    expect(JSON.parse(text)).toMatchObject({ authorized: false, peer: 'mallory' })
  })
})

test.each([
  ['1.1', [], ['-tls1_1']],
  ['1.2', ['--tls-min-version', '1.3'], ['-tls1_2']],
])('TLS %s is refused below the oldest version', async (_version, args, flags) => {
  await using served = await serveSecurely('./secure.js:node', args)
  const { host } = new URL(served.url)
  const client = run('openssl', ['s_client', '-connect', host, ...flags, '-cipher', 'ALL:@SECLEVEL=0'])
  client.child.stdin?.end()
  await expect(client).rejects.toThrow(/alert protocol version/)
  expect((await askSecurely(served.url, { ca })).status).toBe(200)
})

test('only the ciphers of the setting are spoken', async () => {
  const cipher = 'ECDHE-ECDSA-AES128-GCM-SHA256'
  await using served = await serveSecurely('./secure.js:node', ['--ciphers', cipher])
  const older = { ca, maxVersion: 'TLSv1.2' } as const
  expect((await askSecurely(served.url, { ...older, ciphers: cipher })).status).toBe(200)
  const others = { ...older, ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }
  await expect(askSecurely(served.url, others)).rejects.toThrow(/handshake failure/)
})

test('plain and encrypted addresses are served beside each other', async () => {
  const args = ['./secure.js:node', ...usual, ...pairFlags(server), '-b', 'https://127.0.0.1:0']
  await using served = await whenServing(await startTunicorn({ cwd: apps, args }))
  const urls = [...served.output.matchAll(/Listening at: (\S+) /g)].map(match => match[1] ?? '')
  const [plain = '', secure = ''] = urls
  expect(await (await fetch(plain)).json()).toMatchObject({ encrypted: false })
  expect(JSON.parse((await askSecurely(secure, { ca })).text)).toMatchObject({ encrypted: true })
})

test.each(['event-loop', 'thread-pool', 'asgi'])(
  '`redirectHttp` sends clients of a plain address of the class %s to the encrypted one, with method and path',
  async workerClass => {
    const app = workerClass === 'asgi' ? './secure.js:asgi' : './secure.js:node'
    const args = [app, ...usual, '-k', workerClass, ...pairFlags(server), '-b', 'https://127.0.0.1:0']
    await using served = await whenServing(
      await startTunicorn({ cwd: apps, args: [...args, '--redirect-http', '--access-logfile', '-'] }),
    )
    const urls = [...served.output.matchAll(/Listening at: (\S+) /g)].map(match => match[1] ?? '')
    const [plain = '', secure = ''] = urls
    const { status, headers } = await fetch(`${plain}//a/b?c=d`, {
      method: 'POST',
      body: 'x'.repeat(100_000),
      redirect: 'manual',
    })
    expect([status, headers.get('location')]).toEqual([308, `${secure}//a/b?c=d`])
    expect((await askSecurely(secure, { ca })).status).toBe(200)
    await served.running.waitForOutput(/"POST \/\/a\/b\?c=d HTTP\/1\.1" 308/)
  },
)

test('plain bytes and failed handshakes end their connection, and the log says nothing of them', async () => {
  await using served = await serveSecurely('./secure.js:node')
  const port = Number(new URL(served.url).port)
  for (const bytes of [
    'GET / HTTP/1.1\r\nhost: x\r\n\r\n',
    '\x16\x03\x01\x00\x04\xff\x00\x00\x00',
    '\x15\x03\x01\x00\x02\x02\x28',
  ]) {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => opened(port)))
    const closed = sockets.map(socket => once(socket.resume(), 'close'))
    for (const socket of sockets) socket.write(bytes, 'latin1')
    await Promise.all(closed)
  }
  await expect(askSecurely(served.url)).rejects.toThrow(/certificate/)
  expect((await askSecurely(served.url, { ca })).status).toBe(200)
  await served.stop()
  expect(served.output).not.toMatch(/error|warn|handshake/i)
})

test.each(['/throw', '/destroy', '/pipeline'])(
  'a response that only the end of its connection could end does not look whole when it breaks: %s',
  async path => {
    await using served = await serveSecurely('./broken-off.js')
    const client = connectSecurely({ port: Number(new URL(served.url).port), ca, servername: 'localhost' })
    let text = ''
    const ended = new Promise<string>(resolve => {
      client.on('data', chunk => {
        text += chunk
        // The server breaks the response when it is told that this much of it has come.
        if (text.endsWith('begun')) client.write('x')
      })
      client.once('end', () => resolve('end')).once('error', () => resolve('error'))
    })
    client.write(`POST ${path} HTTP/1.0\r\nhost: x\r\ncontent-length: 2\r\n\r\n`)
    expect(await ended).toBe('error')
    expect(text).toMatch(/begun$/)
  },
)

test('half handshakes are ended after the timeout, and others are served meanwhile', async () => {
  const args = ['-w', '1', '--handshake-timeout', '5']
  await using served = await serveSecurely('./secure.js:node', args)
  const port = Number(new URL(served.url).port)
  const sockets = await Promise.all(Array.from({ length: 500 }, () => opened(port)))
  const closed = sockets.map(socket => once(socket.resume(), 'close'))
  // The head of a ClientHello, whose rest never comes.
  for (const socket of sockets) socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc', 'latin1')
  for (let count = 0; count < 3; count += 1) expect((await askSecurely(served.url, { ca })).status).toBe(200)
  expect(sockets.filter(socket => socket.closed)).toHaveLength(0)
  await Promise.all(closed)
  expect(await served.stop()).toEqual({ code: 0, signal: null })
})

test('a session goes on in another worker', async () => {
  await using served = await serveSecurely('./secure.js:node', ['-w', '3'])
  const { host } = new URL(served.url)
  const session = `${directory.path}/session`
  const client = async (flags: readonly string[]): Promise<string> => {
    const child = run('openssl', ['s_client', '-connect', host, '-tls1_2', ...flags])
    child.child.stdin?.end('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    return (await child).stdout
  }
  expect(await client(['-sess_out', session])).toContain('New, TLSv1.2')
  for (let count = 0; count < 8; count += 1)
    expect(await client(['-sess_in', session])).toContain('Reused, TLSv1.2')
})

describe('what cannot work is one message at the start', () => {
  const start = (args: readonly string[]) =>
    startTunicorn({ cwd: apps, args: ['./secure.js:node', ...usual, ...args] })

  test('a file that is not there', async () => {
    const missing = `${directory.path}/missing.pem`
    await using running = await start(['--certfile', missing])
    await expectOneMessage(
      running,
      1,
      new RegExp(`Cannot read the certificate ${missing}: there is no such file`),
    )
  })

  test('a key of another certificate', async () => {
    const other = await authority.issue('other')
    await using running = await start(['--certfile', server.certfile, '--keyfile', other.keyfile])
    await expectOneMessage(
      running,
      1,
      new RegExp(
        `Cannot use the certificate ${server.certfile} with the key ${other.keyfile}: the key is not the one`,
      ),
    )
  })

  test('a file that is no certificate', async () => {
    const file = `${directory.path}/text.pem`
    await writeFile(file, 'no certificate')
    await using running = await start(['--certfile', file])
    await expectOneMessage(
      running,
      1,
      new RegExp(`Cannot use the certificate ${file}: the certificate is not PEM`),
    )
  })

  test('a key with a passphrase', async () => {
    const keyfile = `${directory.path}/encrypted.key`
    await run('openssl', [
      'pkey',
      '-in',
      server.keyfile,
      '-aes256',
      '-passout',
      'pass:secret',
      '-out',
      keyfile,
    ])
    await using running = await start(['--certfile', server.certfile, '--keyfile', keyfile])
    await expectOneMessage(running, 1, /the key has a passphrase/)
  })

  test.each([
    [['-b', 'https://127.0.0.1:0'], /`https:\/\/` in `bind` needs a certificate/],
    [['--keyfile', 'x.key'], /`keyfile` is the key of `certfile`: give that too/],
    [['--cert-reqs', 'required'], /`certReqs` required needs `caCerts`/],
    [['--redirect-http'], /`redirectHttp` needs an address in `bind` with `https:\/\/` and one without/],
    [['--tls-min-version', '1.1'], /Expected `tlsMinVersion` to be one of "1\.2", "1\.3"/],
  ])('settings that do not go together: %j', async (args, message) => {
    await using running = await start(args)
    await expectOneMessage(running, 1, message)
  })
})

test('the key is shown nowhere', async () => {
  const file = await readFile(server.keyfile, 'utf8')
  const secret = file.split('\n')[1] ?? ''
  await using served = await serveSecurely('./secure.js:node', [
    '--log-level',
    'debug',
    '--admin',
    '127.0.0.1:0',
  ])
  await askSecurely(served.url, { ca })
  const printed = await run(
    process.execPath,
    [tunicornMain, './secure.js:node', ...pairFlags(server), '--print-config'],
    { cwd: apps },
  )
  const { stdout: commands } = await run('ps', ['-eww', '-o', 'args'])
  await served.stop()
  for (const text of [served.output, printed.stdout, commands]) expect(text).not.toContain(secret)
  expect(printed.stdout).toContain(server.keyfile)
})

test('a client gets the certificate of the name that it asks for, and the first one for any other', async () => {
  const names = [['a.example'], ['*.example', 'b.org'], ['c.example']]
  const pairs = await Promise.all(names.map(each => authority.issue(each[0] ?? '', { names: each })))
  const more = pairs.flatMap(({ certfile, keyfile }) => ['--certificate', `${certfile},${keyfile}`])
  await using served = await serveSecurely('./secure.js:node', more)
  const nameFor = async (servername: string): Promise<unknown> => {
    const options = { ca, servername, checkServerIdentity: () => undefined }
    return (await askSecurely(served.url, options)).certificate.subject.CN
  }
  expect(await nameFor('a.example')).toBe('a.example')
  expect(await nameFor('c.example')).toBe('c.example')
  expect(await nameFor('d.example')).toBe('*.example')
  expect(await nameFor('b.org')).toBe('*.example')
  expect(await nameFor('x.d.example')).toBe('localhost')
  expect(await nameFor('')).toBe('localhost')
})

test('a reload with a bad pair fails loudly, and the old certificate stays', async () => {
  const pair = await authority.issue('localhost', { names: ['127.0.0.1'] })
  await using served = await serve('./secure.js:node', { args: pairFlags(pair) })
  const before = (await askSecurely(served.url, { ca })).certificate.serialNumber
  await writeFile(pair.keyfile, 'half a k')
  served.running.signal('SIGHUP')
  await served.running.waitForOutput(/"level":"error"[^\n]*Reload failed: Cannot use the certificate/)
  expect((await askSecurely(served.url, { ca })).certificate.serialNumber).toBe(before)
})

/** Resolves when the connection is established. */
async function opened(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket
}
