/** The group `cpu`: work, and tiles of a picture, in threads. */
import { tile } from './cpu/tile.js'
import { doWork } from './work/do-work.js'

export default {
  fetch(request: Request): Response | Promise<Response> {
    const url = new URL(request.url)
    return url.pathname === '/tile' ? tile(url.searchParams) : doWork(request)
  },
}
