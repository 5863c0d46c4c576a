/** What the three apps have in common: they answer with 200, remember what they were asked, and give wrong answers when asked to. */

import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Requests by the port of their client. */
const seen = new Map()

/** `{ status, fields, parts }`. `fields` are pairs, `parts` are written one after the other. `names`: of the fields. */
export async function answer({ method, target, body, port, address, names }) {
  const url = new URL(target, 'http://h')
  // Taken, as the next client may have the same port.
  if (url.pathname === '/seen') return text(JSON.stringify(take(url.searchParams.get('port'))))
  if (url.pathname === '/probe') return text('probe')
  if (url.pathname === '/peer') return text(`${address} ${port}`)
  // Those that have nothing to do with a test are left out.
  if (url.pathname === '/names') return text([...new Set(names)].filter(name => /^x/.test(name)).join(' '))
  const words = body === '' ? `${method} ${target}` : `${method} ${target} ${body}`
  seen.set(String(port), [...(seen.get(String(port)) ?? []), words])
  if (url.pathname === '/slow') await new Promise(resolve => setTimeout(resolve, 200))
  // Until the test makes the file, from whichever process or thread this is.
  while (url.pathname === '/hold' && !existsSync(url.searchParams.get('file'))) await delay(10)
  if (url.pathname !== '/say') return text('ok')
  return {
    status: Number(url.searchParams.get('status') ?? 200),
    fields: url.searchParams.getAll('field').map(field => field.split(': ')),
    parts: url.searchParams.getAll('part'),
  }
}

function take(port) {
  const requests = seen.get(port) ?? []
  seen.delete(port)
  return requests
}

function text(body) {
  return { status: 200, fields: [['content-type', 'text/plain']], parts: [body] }
}
