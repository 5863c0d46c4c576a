/** The same answer from an app of kind `fetch`. */
const headers = { 'content-type': 'text/plain', 'content-length': '13' }

export default { fetch: () => new Response('Hello, world\n', { headers }) }
