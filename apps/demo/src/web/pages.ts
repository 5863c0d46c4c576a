/** The built page. It is small, so it is read once and served from memory. No path in a request touches the disk. */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Route } from './route.js'

const folder = fileURLToPath(new URL('../page', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Routes of every file of the page. `token` goes into the document, where only its own scripts can read it. */
export function pageRoutes(token: string): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const content = readFileSync(join(folder, name))
    if (name === 'index.html')
      routes.set('/', serve(content.toString().replace('%TOKEN%', token), type, 'no-store'))
    // Its name changes with its content.
    else routes.set(`/${name}`, serve(content, type, 'public, max-age=31536000, immutable'))
  }
  return routes
}

function serve(content: string | Buffer, type: string, caching: string): Route {
  return (_request, response) => {
    response.writeHead(200, { ...securityHeaders, 'content-type': type, 'cache-control': caching })
    response.end(content)
  }
}
