// A thread pool behind `node:http` as one writes it in an afternoon: no streaming, no abort, no limits.
import { createServer } from 'node:http'
import { Piscina } from 'piscina'

const pool = new Piscina({
  filename: new URL('./by-hand-thread.mjs', import.meta.url).href,
  minThreads: 2,
  maxThreads: 2,
})

const server = createServer(async (req, res) => {
  const chunks = []
  for await (const chunk of req) chunks.push(chunk)
  const body = chunks.length === 0 ? undefined : Buffer.concat(chunks)
  try {
    const answer = await pool.run({ method: req.method, url: req.url, headers: req.headers, body })
    res.writeHead(answer.status, answer.headers).end(answer.body)
  } catch (error) {
    res.writeHead(500).end(String(error))
  }
})
server.listen(Number(process.env.BENCH_PORT ?? 0), '127.0.0.1', () => {
  console.log(`Listening at: http://127.0.0.1:${server.address().port} (${process.pid})`)
})
