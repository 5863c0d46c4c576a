import { describeWorker } from './worker.js'

const INTERVAL_MS = 1000

/** Server-sent events: the worker that holds this connection, at once and then every second. */
export function eventStream(): Response {
  const encoder = new TextEncoder()
  let timer: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (): void => {
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(describeWorker())}\n\n`))
      }
      send()
      timer = setInterval(send, INTERVAL_MS)
    },
    cancel() {
      clearInterval(timer)
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
