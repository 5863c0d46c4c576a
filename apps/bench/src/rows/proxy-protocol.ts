import { outputOf } from '../command.js'
import { type Contender, tunicorn } from '../contender.js'
import { clientFile } from '../load-tool.js'
import { findPin, unpinned } from '../pinning.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'proxy-protocol',
  order: 16,
  title: 'One worker, hello, keep-alive: connections with a prefix of the PROXY protocol, against none',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [{ ...tunicorn('node-app.mjs', 1), name: 'Tunicorn' }, proxied()],
      keepAlive: true,
      isPinned: true,
      target: 0.98,
      load,
    }),
}

function proxied(): Contender {
  const { command, ...rest } = tunicorn('node-app.mjs', 1)
  return { ...rest, name: 'Tunicorn, PROXY protocol', command: [...command, '--proxy-protocol', 'auto'] }
}

/** A server that wants a prefix refuses a request without one. */
async function load(url: string, seconds: number): Promise<number> {
  const { hostname, port } = new URL(url)
  const { ok } = await fetch(url)
  const pin = (await findPin()) ?? unpinned
  const prefix = ok ? 'none' : 'v1'
  const [command, ...args] = pin(1, [
    process.execPath,
    clientFile('proxied-hello.mjs'),
    ...[hostname, port, String(seconds), prefix],
  ])
  const answered = Number(await outputOf(command, ...args))
  if (!(answered > 0)) throw new Error(`No request to ${url} was answered`)
  return answered / seconds
}
