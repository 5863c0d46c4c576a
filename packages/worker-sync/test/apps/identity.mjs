// Says which process served it and as which of its requests; misbehaves on request.
let requests = 0
let inFlight = 0
const leaked = []

function spinForEver() {
  for (;;);
}

const routes = {
  '/leak': () => leaked.push(Buffer.alloc(50 * 1_048_576, 1)),
  '/throw': () => {
    throw new Error('thrown in the handler')
  },
  '/throw-later': (_request, response) => {
    response.end('sent before the throw')
    setImmediate(() => {
      throw new Error('thrown after the response')
    })
    return true
  },
  '/exit': () => process.exit(3),
  '/exit-clean': () => process.exit(0),
  '/block': () => {
    process.stdout.write('spinning\n')
    spinForEver()
  },
  '/never': () => {
    process.stdout.write(`never ${process.pid}\n`)
    return true
  },
  '/stuck-in-body': (_request, response) => {
    response.write('the first part')
    return true
  },
  '/headed': (_request, response) => {
    response.writeHead(200)
    setTimeout(() => response.end('too late'), 1_500)
    return true
  },
  '/large': (_request, response) => {
    response.end(Buffer.alloc(16 * 1_048_576, 'x'))
    return true
  },
  '/handles': (_request, response) => {
    setInterval(() => {}, 1_000)
    response.end('left a timer running')
    return true
  },
}

const now = () => performance.timeOrigin + performance.now()

export default function identity(request, response) {
  const beganAt = now()
  requests += 1
  inFlight += 1
  response.on('close', () => {
    inFlight -= 1
  })
  const maxInFlight = inFlight
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  if (routes[pathname]?.(request, response) === true) return
  if (searchParams.has('say')) process.stdout.write('in flight\n')
  const answer = () => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        pid: process.pid,
        generation: Number(process.env.TUNICORN_GENERATION),
        requests,
        maxInFlight,
        leaked: leaked.length,
        beganAt,
        endedAt: now(),
      }),
    )
  }
  const ms = Number(searchParams.get('ms') ?? 0)
  if (ms === 0) answer()
  else setTimeout(answer, ms)
}
