/** Anchors as GitHub makes them, so that a link leads to the same heading on both; and the check that every one is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
}

/** @throws Error that lists the links to headings which no page has. VitePress itself checks pages alone. */
export function checkAnchors(folder: string, base: string): void {
  const documents = new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.html'))
      .map(file => [file.replace(/\.html$/, ''), readFileSync(join(folder, file), 'utf8')]),
  )
  const dead = [...documents].flatMap(([path, html]) =>
    [...html.matchAll(/<a [^>]*href="([^"#]*)#([^"]+)"/g)]
      .map(([, target = '', anchor = '']) => ({ page: pageOf(target, path, base), anchor }))
      .filter(({ page, anchor }) => {
        const text = page === undefined ? undefined : documents.get(page)
        return text !== undefined && !text.includes(` id="${decodeURIComponent(anchor)}"`)
      })
      .map(({ page, anchor }) => `${path} links to ${page}#${anchor}`),
  )
  if (dead.length > 0)
    throw new Error(`Links to headings that are not there:\n${[...new Set(dead)].join('\n')}`)
}

/** The page that a link of the built site leads to; undefined: it leads elsewhere. */
function pageOf(target: string, from: string, base: string): string | undefined {
  if (target === '') return from
  return target.startsWith(base) ? target.slice(base.length) || 'index' : undefined
}
