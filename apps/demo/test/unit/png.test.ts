import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodePng } from '../../src/cpu/png.js'

test('a picture is a PNG whose chunks hold its size, its palette and its pixels', () => {
  const png = encodePng({
    size: 2,
    pixels: Uint8Array.of(0, 1, 1, 0),
    palette: Uint8Array.of(0, 0, 0, 9, 9, 9),
  })
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  const chunks = chunksOf(png)
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND'])
  expect(chunks.get('IHDR')?.readUInt32BE(0)).toBe(2)
  expect(chunks.get('PLTE')).toEqual(Buffer.of(0, 0, 0, 9, 9, 9))
  expect(inflateSync(chunks.get('IDAT') ?? '')).toEqual(Buffer.of(0, 0, 1, 0, 1, 0))
})

function chunksOf(png: Buffer): ReadonlyMap<string, Buffer> {
  const chunks = new Map<string, Buffer>()
  for (let start = 8; start < png.length; ) {
    const length = png.readUInt32BE(start)
    const type = png.toString('latin1', start + 4, start + 8)
    chunks.set(type, png.subarray(start + 8, start + 8 + length))
    start += length + 12
  }
  return chunks
}
