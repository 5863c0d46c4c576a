/** Modules as users name them. */
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The `file:` URL of a module.
 *
 * @throws TypeError when it is relative, because nothing says to what
 */
export function fileUrl(module: string | URL, name: string): string {
  const text = String(module)
  if (text.startsWith('file:')) return text
  if (isAbsolute(text)) return pathToFileURL(text).href
  throw new TypeError(
    `Expected \`${name}\` to be a file URL or an absolute path, got "${text}". Give \`new URL('${text}', import.meta.url)\``,
  )
}
