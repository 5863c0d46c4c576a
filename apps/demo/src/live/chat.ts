/** A WebSocket in the room. */
import type { Handler } from '@tunicorn/worker-asgi'
import * as v from 'valibot'
import { sayingSchema } from '../shared/chat.js'
import { Outbox } from './outbox.js'
import type { Room } from './room.js'

/** WebSocket close code: the message is not what this endpoint accepts. */
const policyViolation = 1008

export function chat(room: Room): Handler<'websocket'> {
  return async (_scope, receive, send) => {
    await receive() // websocket.connect
    await send({ type: 'websocket.accept' })
    const outbox = new Outbox(text => send({ type: 'websocket.send', text }))
    const name = room.nextName()
    outbox.put(JSON.stringify({ type: 'welcome', name, pid: process.pid }))
    const leave = room.enter(message => outbox.put(JSON.stringify(message)))
    try {
      for (let event = await receive(); event.type === 'websocket.receive'; event = await receive()) {
        const saying = v.safeParse(sayingSchema, parseJson(event.text))
        if (!saying.success)
          return await send({ type: 'websocket.close', code: policyViolation, reason: 'not a message' })
        room.say(name, saying.output.text)
      }
    } finally {
      leave()
    }
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
