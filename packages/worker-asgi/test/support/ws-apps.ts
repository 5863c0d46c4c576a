/** Small apps for WebSockets of which the scenarios are made. */
import {
  type App,
  defineApp,
  type Handler,
  type WebSocketAcceptEvent,
  type WebSocketSendEvent,
} from '@tunicorn/worker-asgi'
import type { Probe } from './probe.js'

export const accept: WebSocketSendEvent = { type: 'websocket.accept' }
export const textEvent = (text: string): WebSocketSendEvent => ({ type: 'websocket.send', text })

export function ws(handler: Handler<'websocket'>): App {
  return defineApp({ websocket: handler })
}

/** Accepts, then notes every event it receives. */
export function noting(event: WebSocketAcceptEvent = { type: 'websocket.accept' }): (probe: Probe) => App {
  return probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      await send(event)
      for (;;) {
        const received = await receive()
        probe.note(received)
        if (received.type === 'websocket.disconnect') return
      }
    })
}

/** Accepts, then sends back what it receives. */
export const echo = (): App =>
  ws(async (_scope, receive, send) => {
    await receive()
    await send(accept)
    for (;;) {
      const event = await receive()
      if (event.type === 'websocket.disconnect') return
      if (event.type !== 'websocket.receive') continue
      if (event.text === undefined) await send({ type: 'websocket.send', bytes: event.bytes })
      else await send({ type: 'websocket.send', text: event.text })
    }
  })

/** Does something after the first event, then notes what it receives. */
export function answering(...events: readonly unknown[]): (probe: Probe) => App {
  return probe =>
    ws(async (_scope, receive, send) => {
      await receive()
      for (const event of events) await send(event as WebSocketSendEvent)
      probe.note(await receive())
    })
}
