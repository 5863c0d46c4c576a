/** The smallest PNG encoder for pictures with a palette. */
import { crc32, deflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export interface IndexedPicture {
  /** Pixels on each side. */
  readonly size: number
  /** One palette index per pixel, row by row. */
  readonly pixels: Uint8Array
  /** Red, green and blue of each colour in turn, at most 256 colours. */
  readonly palette: Uint8Array
}

export function encodePng({ size, pixels, palette }: IndexedPicture): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 3], 8) // 8 bits each, indices of a palette
  const rows = Buffer.alloc(size * (size + 1)) // each row begins with its filter: 0, none
  for (let row = 0; row < size; row++)
    rows.set(pixels.subarray(row * size, (row + 1) * size), row * (size + 1) + 1)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 6 })),
    chunk('IEND', new Uint8Array()),
  ])
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
