/** Several apps in one module. The first that is looked for is `default`, then `app`. */
const site = (_req, res) => res.end('hello from the site')

export const admin = (_req, res) => res.end('hello from the admin')

export const api = { fetch: () => new Response('hello from the api') }

export { site as app }
