import { doWork } from '../work/do-work.js'
import type { Route } from './route.js'

/** `POST /work/NAME` of this group: the app that the other groups run too, called from a handler of kind `node`. */
export const localWork: Route = async (request, response) => {
  const leaving = new AbortController()
  response.once('close', () => leaving.abort())
  const { method = 'GET', url = '/' } = request
  const answer = await doWork(
    new Request(new URL(url, 'http://localhost'), { method, signal: leaving.signal }),
  )
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.end(await answer.text())
}
