import app from './app.mjs'

export default async ({ method, url, headers, body }) => {
  const response = await app.fetch(new Request(`http://localhost${url}`, { method, headers, body }))
  const bytes = new Uint8Array(await response.arrayBuffer())
  return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes }
}
