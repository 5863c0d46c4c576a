/** Sends broadcasts to the arbiter. Those of one turn of the event loop are batched into one message. */
import { AppBroadcasts } from '../app/broadcasts.js'
import type { HostChannel } from './channel.js'

/** JSON escapes the text again, which may double its length. The arbiter accepts messages of up to 64 KiB. */
const maxBatchBytes = 30_000
/** The most messages that the arbiter may not have read yet. */
const maxPending = 64

export function createBroadcasts(channel: HostChannel): AppBroadcasts {
  let items: string[] = []
  let group: string | undefined
  let bytes = 0
  let pending = 0

  const flush = (): void => {
    if (items.length === 0) return
    const batch = items
    items = []
    bytes = 0
    pending += 1
    void channel.send({ type: 'broadcast', items: batch, ...(group !== undefined && { group }) }).then(() => {
      pending -= 1
    })
  }
  return new AppBroadcasts((text, to) => {
    if (pending >= maxPending) return false
    const size = Buffer.byteLength(text)
    if (to !== group || bytes + size > maxBatchBytes) flush()
    if (items.length === 0) setImmediate(flush)
    group = to
    bytes += size
    items.push(text)
    return true
  })
}
