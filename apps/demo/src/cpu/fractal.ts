/** The Mandelbrot set, coloured by how soon a point escapes. */

const inside = 0
const colours = 255
/** Far out, so that a colour can be computed between two steps. */
const escapeSize = 1 << 8

export interface Square {
  readonly left: number
  readonly top: number
  /** Length of its sides, in the complex plane. */
  readonly side: number
  /** Pixels on each side. */
  readonly size: number
  readonly depth: number
}

/** One palette index per pixel, row by row. */
export function paintTile({ left, top, side, size, depth }: Square): Uint8Array {
  const pixels = new Uint8Array(size * size)
  const step = side / size
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      pixels[row * size + column] = colourAt(left + column * step, top + row * step, depth)
  return pixels
}

function colourAt(x: number, y: number, depth: number): number {
  let real = 0
  let imaginary = 0
  for (let steps = 0; steps < depth; steps++) {
    const realSquared = real * real
    const imaginarySquared = imaginary * imaginary
    const size = realSquared + imaginarySquared
    if (size > escapeSize) {
      const smooth = steps + 1 - Math.log2(Math.log2(size) / 2)
      return 1 + (Math.floor(Math.sqrt(Math.max(0, smooth)) * 24) % colours)
    }
    imaginary = 2 * real * imaginary + y
    real = realSquared - imaginarySquared + x
  }
  return inside
}

/** Night blue to gold and back, so that the colours have no seam where they start over. */
const stops: readonly (readonly [number, number, number])[] = [
  [10, 12, 48],
  [24, 70, 160],
  [120, 190, 230],
  [250, 246, 222],
  [244, 170, 40],
  [130, 40, 60],
  [10, 12, 48],
]

export const palette: Uint8Array = makePalette()

function makePalette(): Uint8Array {
  const bytes = new Uint8Array(3 * (colours + 1))
  for (let index = 0; index < colours; index++) {
    const position = (index / colours) * (stops.length - 1)
    const from = stops[Math.floor(position)] ?? stops[0]
    const to = stops[Math.floor(position) + 1] ?? from
    const share = position % 1
    for (const channel of [0, 1, 2] as const)
      bytes[3 * (index + 1) + channel] = Math.round(
        (from?.[channel] ?? 0) * (1 - share) + (to?.[channel] ?? 0) * share,
      )
  }
  return bytes
}
