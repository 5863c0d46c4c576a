/** The body of a stream of server-sent events. It has no end: what reads it must let it go. */
import { setTimeout } from 'node:timers/promises'

export async function* ticks() {
  try {
    for (let count = 1; ; count += 1) {
      yield `data: tick ${count}\n\n`
      await setTimeout(20)
    }
  } finally {
    console.log('the stream was let go')
  }
}
