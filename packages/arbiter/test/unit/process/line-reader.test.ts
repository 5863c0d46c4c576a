import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { type LineLimits, readLines } from '../../../src/process/line-reader.js'

/** What is made of these chunks: lines, and numbers of lines that were left out. */
async function read(chunks: readonly string[], limits: Partial<LineLimits> = {}): Promise<unknown[]> {
  const stream = new PassThrough()
  const heard: unknown[] = []
  readLines(
    stream,
    { lineLength: 10, longLines: 'cut', linesPerSecond: 100, ...limits },
    line => heard.push(line),
    count => heard.push(count),
  )
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await once(stream, 'end')
  return heard
}

test('lines are put together from chunks, and one without an end is kept at the end', async () => {
  expect(await read(['a', 'b\nc', '\n\nd'])).toEqual(['ab', 'c', 'd'])
})

test('a character that is split between chunks is put together', async () => {
  const stream = new PassThrough()
  const heard: string[] = []
  const limits = { lineLength: 10, longLines: 'cut', linesPerSecond: 10 } as const
  readLines(
    stream,
    limits,
    line => heard.push(line),
    () => {},
  )
  for (const byte of Buffer.from('ä€\n')) stream.write(Buffer.of(byte))
  stream.end()
  await once(stream, 'end')
  expect(heard).toEqual(['ä€'])
})

test('a long line is cut once, however many chunks it comes in, and the next is whole', async () => {
  const parts = ['x'.repeat(8), 'x'.repeat(8), 'x'.repeat(30), '\nnext\n']
  expect(await read(parts)).toEqual([`${'x'.repeat(10)}…`, 'next'])
  expect(await read([parts.join('')])).toEqual([`${'x'.repeat(10)}…`, 'next'])
})

test('a long line that is worth nothing in part is dropped and counted', async () => {
  expect(await read(['x'.repeat(11), 'x\nnext'], { longLines: 'dropped' })).toEqual(['next', 1])
  expect(await read([`${'x'.repeat(11)}\nnext`], { longLines: 'dropped' })).toEqual(['next', 1])
})

test('more lines than the limit in a second are dropped and counted', async () => {
  expect(await read(['a\nb\nc\nd\ne\n'], { linesPerSecond: 3 })).toEqual(['a', 'b', 'c', 2])
})
