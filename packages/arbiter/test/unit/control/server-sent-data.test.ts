import { expect, it } from 'vitest'
import { serverSentData } from '../../../src/control/server-sent-data.js'

async function* bytes(text: string, size: number): AsyncGenerator<Buffer> {
  const whole = Buffer.from(text)
  for (let start = 0; start < whole.length; start += size) yield whole.subarray(start, start + size)
}

it('reads the data of events however the bytes are cut, and leaves out signs of life', async () => {
  const text = 'id: 1\nevent: a\ndata: {"é":1}\n\n: alive\n\ndata: one\ndata: two\n\ndata: not ended'
  for (let size = 1; size <= text.length; size += 1) {
    const found: string[] = []
    for await (const data of serverSentData(bytes(text, size))) found.push(data)
    expect(found, `in parts of ${size}`).toEqual(['{"é":1}', 'one\ntwo'])
  }
})
