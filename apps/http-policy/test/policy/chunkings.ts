/** The ways in which the bytes of a row arrive. */
import { seeded } from '@tunicorn/harness'
import type { Chunking } from './play.js'

/** `odd` pieces are cut at random places, which the seed repeats. */
export function chunkings(seed: number): Readonly<Record<'whole' | 'bytes' | 'odd', Chunking>> {
  return {
    whole: bytes => [bytes],
    bytes: bytes => [...bytes],
    odd: bytes => {
      const random = seeded(seed)
      const pieces: string[] = []
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + Math.floor(random() * 40)
        pieces.push(bytes.slice(at, at + size))
        at += size
      }
      return pieces
    },
  }
}
