import { outputOf } from '../command.js'
import { compareEncrypted } from '../encrypted.js'
import { clientFile } from '../load-tool.js'
import { findPin, unpinned } from '../pinning.js'
import type { Row } from '../row.js'

export const row: Row = {
  name: 'tls-handshakes',
  order: 13,
  title: 'Full handshakes of TLS, one worker, hello, one connection per request',
  measure: bench => compareEncrypted(bench, 'https', { keepAlive: false, load }),
}

async function load(url: string, seconds: number): Promise<number> {
  const pin = (await findPin()) ?? unpinned
  const [command, ...args] = pin(1, [
    process.execPath,
    clientFile('handshakes.mjs'),
    ...[url, '32', String(seconds)],
  ])
  const rate = Number(await outputOf(command, ...args))
  if (!(rate > 0)) throw new Error(`No request to ${url} was answered`)
  return rate
}
