/**
 * 500 clients that send a head byte by byte, and 500 that do so with a body, half of them in chunks, beside normal ones. Not `sync`: a
 * worker of that class has one connection at a time, and is for a proxy in front that takes the time of slow clients upon itself.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import {
  bootedPids,
  checkAllOk,
  connectionTo,
  type LoadReport,
  LoadRun,
  residentBytes,
} from '@tunicorn/harness'
import { expect, test } from 'vitest'
import { startSubject, subjects } from '../policy/subject.js'

/** `docs/http.md` names it. */
const bytesPerSlowClient = 64 * 1024
const heads = ['GET / HTTP/1.1\r\nHost: h\r\nX-Slow: ']
const bodies = [
  'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n',
]

class SlowClients implements Disposable {
  readonly #sockets: Socket[] = []
  readonly #timer: NodeJS.Timeout
  #next = 0

  /** Each sends a byte about every two seconds, and not all at once: this process measures, too. */
  constructor() {
    this.#timer = setInterval(() => {
      for (let count = 0; count < 10; count += 1) {
        const socket = this.#sockets[this.#next++ % this.#sockets.length]
        if (socket?.writable === true) socket.write('a')
      }
    }, 20)
  }

  async open(url: string, count: number, beginnings: readonly string[]): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const socket = connect(connectionTo(url)).on('error', () => {})
      await once(socket, 'connect')
      socket.write(beginnings[index % beginnings.length] ?? '')
      socket.resume()
      this.#sockets.push(socket)
    }
  }

  get connected(): number {
    return this.#sockets.filter(({ destroyed }) => !destroyed).length
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    for (const socket of this.#sockets) socket.destroy()
  }
}

async function measured(url: string): Promise<LoadReport> {
  const load = new LoadRun({ to: url, target: '/probe', clients: 8, maxMs: 3_000, timeoutMs: 60_000 })
  const report = await load.finished
  checkAllOk(report)
  return report
}

test.each(subjects.filter(({ workerClass, kind }) => workerClass !== 'sync' && kind !== 'fetch'))(
  '$workerClass serves normal clients beside 1,000 slow ones, which cost it little memory',
  async subject => {
    const { running, url } = await startSubject(subject, 'crowded')
    await using server = running
    const [pid = 0] = bootedPids(server)
    await measured(url)
    const before = await measured(url)
    const bytesBefore = residentBytes(pid)
    using slow = new SlowClients()
    await slow.open(url, 500, heads)
    await slow.open(url, 500, bodies)
    const beside = await measured(url)
    const each = (residentBytes(pid) - bytesBefore) / 1_000
    console.log(
      `${subject.workerClass}: p99 ${before.p99Ms.toFixed(1)} ms, beside ${slow.connected} slow clients ${beside.p99Ms.toFixed(1)} ms, ${Math.round(each / 1024)} KiB for each`,
    )
    expect(slow.connected).toBe(1_000)
    expect(each).toBeLessThan(bytesPerSlowClient)
    // A busy machine alone may double it: what would hold normal clients up for as long as slow ones take is seconds.
    expect(beside.p99Ms).toBeLessThan(before.p99Ms * 2 + 5_000)
  },
)
