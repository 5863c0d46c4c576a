/** A square of the complex plane to draw, and how it is cut into tiles. */
export interface View {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly width: number
  /** Steps after which a point counts as inside. More is slower. */
  readonly depth: number
}

export const views: readonly View[] = [
  { name: 'Seahorse Valley', x: -0.7463, y: 0.1102, width: 0.005, depth: 1200 },
  { name: 'the whole Mandelbrot set', x: -0.6, y: 0, width: 2.7, depth: 600 },
  { name: 'a spiral', x: -0.761574, y: -0.0847596, width: 0.0012, depth: 1600 },
  { name: 'Elephant Valley', x: 0.2925, y: 0.0149, width: 0.011, depth: 900 },
  { name: 'a small copy of the whole', x: -1.7686, y: 0.0017, width: 0.0125, depth: 1000 },
]

/** Tiles on each side of a view. */
export const tilesPerSide = 4

/** Pixels on each side of a tile. */
export const tileSize = 160
