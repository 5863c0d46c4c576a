import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  createApp,
  createRouter,
  eventHandler,
  readBody,
  readMultipartFormData,
  sendStream,
  serveStatic,
  setResponseHeader,
  toNodeListener,
} from 'h3'

const pathOf = id => fileURLToPath(new URL(`public${id}`, import.meta.url))
const router = createRouter()
  .get(
    '/json',
    eventHandler(() => ({ hello: 'world' })),
  )
  .post(
    '/echo',
    eventHandler(event => readBody(event)),
  )
  .post(
    '/upload',
    eventHandler(async event => {
      const [file] = await readMultipartFormData(event)
      return { name: file.filename, size: file.data.length }
    }),
  )
  .get(
    '/stream',
    eventHandler(event => {
      setResponseHeader(event, 'content-type', 'text/plain')
      const parts = async function* parts() {
        yield new TextEncoder().encode('first\n')
        await pause(200)
        yield new TextEncoder().encode('last\n')
      }
      return sendStream(event, ReadableStream.from(parts()))
    }),
  )
  .get(
    '/**',
    eventHandler(event =>
      serveStatic(event, {
        getContents: id => createReadStream(pathOf(id)),
        getMeta: async id => {
          const { size, mtimeMs: mtime } = await stat(pathOf(id)).catch(() => ({}))
          return size === undefined ? undefined : { size, mtime }
        },
      }),
    ),
  )

const app = createApp().use(router)
createServer(toNodeListener(app)).listen(process.env.PORT || 3000)
