/** Begins a response without a length, and breaks it off when a part of the request has come. */
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export default async (req, res) => {
  res.write('begun')
  await once(req, 'data')
  if (req.url === '/destroy') return res.destroy()
  const source = Readable.from(broken())
  if (req.url === '/pipeline') return pipeline(source, res)
  for await (const part of source) res.write(part)
}

async function* broken() {
  yield ''
  throw new Error('It broke')
}
