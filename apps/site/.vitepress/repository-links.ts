/** Links between files of the repository, as GitHub follows them, become links of the site, or to GitHub where there is no page. */
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { pages, root } from './pages.js'

export const repository = 'https://github.com/tunicorn/tunicorn'

const blob = `${repository}/blob/main/`

/** @throws Error when a link names a file that is not there, which fails the build */
export function repositoryLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue
      token.attrSet('href', linkOf(String(token.attrGet('href')), env.realPath ?? env.path))
    }
  })
}

function linkOf(href: string, from: string): string {
  const target = targetOf(href, from)
  if (target === undefined) return href
  const [file = '', anchor] = target.split('#')
  const suffix = anchor === undefined ? '' : `#${anchor}`
  const page = pages.get(file)
  if (page !== undefined) return `/${page.path}${suffix}`
  if (!existsSync(join(root, file))) throw new Error(`${from} links to ${href}, which is not there`)
  return `${blob}${file}${suffix}`
}

/** The file in the repository, with its anchor; undefined: the link leads elsewhere, or within its page. */
function targetOf(href: string, from: string): string | undefined {
  if (href.startsWith(blob)) return decodeURI(href.slice(blob.length))
  if (/^(?:[a-z][a-z+.-]*:|#|\/)/i.test(href)) return undefined
  return relative(root, join(dirname(from), decodeURI(href)))
}
