// Notes every request that it begins, and answers after some milliseconds with who it is.
import { appendFileSync } from 'node:fs'

export default function noted(request, response) {
  appendFileSync(process.env.NOTES, `${process.pid} ${request.headers['x-name']}\n`)
  const answer = { pid: process.pid, generation: Number(process.env.TUNICORN_GENERATION) }
  setTimeout(() => response.end(JSON.stringify(answer)), Number(request.headers['x-ms'] ?? 3))
}
