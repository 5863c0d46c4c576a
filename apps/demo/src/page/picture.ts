/** The section that lets threads draw. */
import { tilesPerSide, views } from '../shared/view.js'
import { element, find, setText } from './dom.js'
import { milliseconds } from './format.js'

interface Tile {
  readonly image: HTMLImageElement
  readonly thread: string
  readonly tookMs: number
}

export function bindPicture(): void {
  const box = find('picture', HTMLElement)
  const state = find('picture-state', HTMLElement)
  const button = find('draw', HTMLButtonElement)
  const select = find('views', HTMLSelectElement)
  select.append(...views.map(({ name }) => element('option', {}, name)))

  const draw = async (): Promise<void> => {
    button.disabled = true
    setText(state, 'drawing…')
    const start = performance.now()
    const view = select.selectedIndex
    const places = Array.from({ length: tilesPerSide ** 2 }, () => element('div', { class: 'tile' }))
    box.replaceChildren(...places)
    try {
      const tiles = await Promise.all(places.map((place, index) => fill(place, view, index)))
      const threads = new Set(tiles.map(({ thread }) => thread)).size
      const work = tiles.reduce((sum, { tookMs }) => sum + tookMs, 0)
      setText(
        state,
        `${milliseconds(work)} of work by ${threads} threads in ${milliseconds(performance.now() - start)}`,
      )
    } catch (error) {
      setText(state, `Not drawn: ${error instanceof Error ? error.message : error}`)
    }
    button.disabled = false
  }
  button.addEventListener('click', draw)
  select.addEventListener('change', draw)
  // Nothing is computed before somebody can see it.
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    observer.disconnect()
    void draw()
  }).observe(box)
}

async function fill(place: HTMLElement, view: number, index: number): Promise<Tile> {
  const column = index % tilesPerSide
  const row = Math.floor(index / tilesPerSide)
  const tile = await fetchTile(`/cpu/tile?view=${view}&column=${column}&row=${row}`)
  const thread = tile.thread.replace(/.*\//, '')
  place.replaceChildren(tile.image, element('span', {}, `thread ${thread} · ${milliseconds(tile.tookMs)}`))
  return tile
}

async function fetchTile(path: string): Promise<Tile> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`status ${response.status}`)
  const image = element('img', { alt: '', src: URL.createObjectURL(await response.blob()) })
  await image.decode()
  URL.revokeObjectURL(image.src)
  const { headers } = response
  return { image, thread: headers.get('x-thread') ?? '', tookMs: Number(headers.get('x-milliseconds')) }
}
