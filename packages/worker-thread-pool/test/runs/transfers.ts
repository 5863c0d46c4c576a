/** Bodies of a size that is asked for, with somebody who stalls. The memory of the worker is read from /proc. */
import { once } from 'node:events'
import { request } from 'node:http'
import { residentBytes, servingUrl } from '@tunicorn/harness'
import { expect } from 'vitest'
import { start, workerPid } from '../support/server.js'

export const megabyte: number = 1024 ** 2

const warmUp = 64 * megabyte
const allowedGrowth = 64 * megabyte

/** The largest growth over what the worker needed before, sampled while it works. */
class MemoryWatch {
  readonly #pid: number
  readonly #before: number
  growth = 0

  constructor(pid: number) {
    this.#pid = pid
    this.#before = residentBytes(pid)
  }

  sample(): void {
    this.growth = Math.max(this.growth, residentBytes(this.#pid) - this.#before)
  }
}

export async function downloadSlowly(bytes: number): Promise<void> {
  await using server = await start('memory-app.mjs', '-o', 'threads=1')
  const url = await servingUrl(server)
  const pid = await workerPid(url)
  await (await fetch(`${url}/?bytes=${warmUp}`)).arrayBuffer()
  const memory = new MemoryWatch(pid)
  const call = request(`${url}/?bytes=${bytes}`).end()
  const [response] = await once(call, 'response')
  let received = 0
  let chunks = 0
  for await (const chunk of response) {
    received += chunk.length
    chunks += 1
    // Every so often the client is slow: what the app could still write must not pile up.
    if (chunks % 2000 === 0) await new Promise(resolve => setTimeout(resolve, 50))
    if (chunks % 100 === 0) memory.sample()
  }
  expect(received).toBe(bytes)
  expect(memory.growth).toBeLessThan(allowedGrowth)
}

export async function uploadToSlowApp(bytes: number): Promise<void> {
  await using server = await start('memory-app.mjs', '-o', 'threads=1')
  const url = await servingUrl(server)
  const pid = await workerPid(url)
  const chunk = Buffer.alloc(megabyte / 4, 'u')
  const upload = async (total: number, sample: () => void): Promise<string> => {
    const call = request(`${url}/upload`, { method: 'POST' })
    for (let sent = 0; sent < total; sent += chunk.length) {
      if (!call.write(chunk)) await once(call, 'drain')
      sample()
    }
    call.end()
    const [response] = await once(call, 'response')
    let text = ''
    for await (const part of response) text += part
    return text
  }
  await upload(warmUp, () => undefined)
  const memory = new MemoryWatch(pid)
  expect(await upload(bytes, () => memory.sample())).toBe(String(bytes))
  expect(memory.growth).toBeLessThan(allowedGrowth)
}
