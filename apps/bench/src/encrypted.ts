/** What the rows about TLS share: a certificate, the contenders, and h2load. */
import { join } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { outputOf } from './command.js'
import { type Contender, serverFile, tunicorn } from './contender.js'
import { findPin, unpinned } from './pinning.js'
import type { Bench, Measurement } from './row.js'
import { compareThroughput, type ThroughputPlan } from './throughput.js'

type Protocol = 'https' | 'h2'

/** Bare Node.js, Tunicorn, and bare Node.js behind an nginx that ends TLS, where it is installed. */
export async function compareEncrypted(
  bench: Bench,
  protocol: Protocol,
  plan: Pick<ThroughputPlan, 'keepAlive' | 'connections' | 'load'>,
): Promise<Measurement> {
  await using directory = await temporaryDirectory()
  const [cert, key] = [join(directory.path, 'server.crt'), join(directory.path, 'server.key')]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const made = await outputOf(
    'openssl',
    ...['req', '-x509', ...kind, '-subj', '/CN=localhost', '-keyout', key, '-out', cert],
  )
  if (made === undefined) throw new Error('The rows about TLS need openssl')
  const env = { BENCH_CERT: cert, BENCH_KEY: key, BENCH_PROTOCOL: protocol }
  const bare = protocol === 'h2' ? 'bare `node:http2`' : 'bare `node:https`'
  const flags = ['--certfile', cert, '--keyfile', key, '--http2', protocol === 'h2' ? 'on' : 'off']
  const plain = tunicorn('node-app.mjs', 1)
  const contenders: [Contender, Contender, ...Contender[]] = [
    { name: bare, command: [process.execPath, serverFile('bare-tls.mjs')], env },
    { ...plain, command: [...plain.command, ...flags] },
  ]
  if ((await outputOf('nginx', '-v')) !== undefined) {
    const command = [process.execPath, serverFile('behind-nginx.mjs')] as const
    contenders.push({ name: 'nginx before bare `node:http`', command, env })
  }
  const load = protocol === 'h2' ? { load: h2load } : {}
  return await compareThroughput(bench, { ...load, ...plan, contenders, isPinned: true, target: 0.95 })
}

/** Streams of HTTP/2 per second: 8 connections with 10 streams each. */
async function h2load(url: string, seconds: number): Promise<number> {
  const pin = (await findPin()) ?? unpinned
  const [command, ...args] = pin(1, ['h2load', '-c8', '-m10', `-D${seconds}`, url])
  const output = await outputOf(command, ...args)
  if (output === undefined) throw new Error('The row needs h2load (Debian package nghttp2-client)')
  const rate = /finished in [^,]+, ([\d.]+) req\/s/.exec(output)?.[1]
  if (rate === undefined || !/ 0 failed, 0 errored/.test(output))
    throw new Error(`h2load saw failures:\n${output}`)
  return Number(rate)
}
