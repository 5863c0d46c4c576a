// Answers after some milliseconds with who it is; misbehaves on request.
function spinForEver() {
  for (;;);
}

/** Until the kernel has no more. */
function hoard() {
  const kept = []
  setInterval(() => kept.push(Buffer.alloc(50_000_000, 1)), 10)
}

export default function identity(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (pathname === '/block') {
    process.stdout.write('spinning\n')
    return spinForEver()
  }
  if (pathname === '/hoard') return hoard()
  const ms = Number(searchParams.get('ms') ?? 3)
  setTimeout(() => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ pid: process.pid, generation: Number(process.env.TUNICORN_GENERATION) }))
  }, ms)
}
