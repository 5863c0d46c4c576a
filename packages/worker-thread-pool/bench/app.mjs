// What the benchmark rows of this class ask for.
import { createHash } from 'node:crypto'

const hello = { 'content-type': 'text/plain' }

/** About `ms` of work that cannot be interrupted. */
function work(ms) {
  const end = performance.now() + ms
  let digest = 'seed'
  while (performance.now() < end) digest = createHash('sha256').update(digest).digest('hex')
  return digest
}

/** The same amount of work everywhere, about 20 ms on a free core. */
function hash() {
  let digest = 'seed'
  for (let round = 0; round < 22_000; round += 1) digest = createHash('sha256').update(digest).digest('hex')
  return digest
}

const block = Buffer.alloc(65_536, 'block')

/** About as much, in few long steps: threads of one process wait for each other in short ones. */
function digest() {
  const sum = createHash('sha256')
  for (let round = 0; round < 500; round += 1) sum.update(block)
  return sum.digest('hex')
}

export default {
  async fetch(request) {
    const asked = new URL(request.url).pathname
    // Load tools ask for the root alone.
    const pathname = asked === '/' ? (process.env.BENCH_PATH ?? '/') : asked
    if (pathname === '/echo') return new Response(await request.arrayBuffer())
    if (pathname === '/hash') return new Response(hash(), { headers: hello })
    if (pathname === '/digest') return new Response(digest(), { headers: hello })
    if (pathname === '/busy') return new Response(work(200), { headers: hello })
    return new Response('Hello, world\n', { headers: hello })
  },
}
