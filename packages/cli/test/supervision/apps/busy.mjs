// Works for as long as it is asked to, in small steps, and then says who it is: how busy it is does not depend on how quick its clients are.
export default async function busy(request, response) {
  const { searchParams } = new URL(request.url, 'http://localhost')
  const end = performance.now() + Number(searchParams.get('ms') ?? 0)
  while (performance.now() < end) {
    const step = performance.now() + 5
    while (performance.now() < step);
    await new Promise(setImmediate)
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ pid: process.pid, generation: Number(process.env.TUNICORN_GENERATION) }))
}
