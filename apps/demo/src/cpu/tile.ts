/** `GET /tile?view=1&column=0&row=3`: part of a picture that takes processor time to draw. */
import { threadId } from 'node:worker_threads'
import { tileSize, tilesPerSide, type View, views } from '../shared/view.js'
import { paintTile, palette } from './fractal.js'
import { encodePng } from './png.js'

export function tile(query: URLSearchParams): Response {
  const view = views[numberOf(query, 'view')]
  const column = numberOf(query, 'column')
  const row = numberOf(query, 'row')
  if (view === undefined || !(column < tilesPerSide) || !(row < tilesPerSide))
    return new Response('There is no such tile\n', { status: 404 })
  const start = performance.now()
  const png = encodePng({ size: tileSize, pixels: paintTile(square(view, column, row)), palette })
  return new Response(new Uint8Array(png), {
    headers: {
      'content-type': 'image/png',
      'cache-control': 'no-store',
      'x-thread': `${process.pid}/${threadId}`,
      'x-milliseconds': (performance.now() - start).toFixed(0),
    },
  })
}

function square({ x, y, width, depth }: View, column: number, row: number): Parameters<typeof paintTile>[0] {
  const side = width / tilesPerSide
  return { left: x - width / 2 + column * side, top: y - width / 2 + row * side, side, size: tileSize, depth }
}

/** A whole number, or one that is no index of a list. */
function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? ''
  return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
}
