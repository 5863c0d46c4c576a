/** Splits a request target. Nothing is normalised: `//a/../b` stays as it is. */

export interface Target {
  /** The prefix of the path at which the app is mounted. */
  readonly rootPath: string
  /** Percent-decoded. */
  readonly path: string
  readonly rawPath: string
  /** Without `?`. */
  readonly queryString: string
}

const origin = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i

/**
 * Reads the path form (`/a?b`), the absolute form (`http://h/a?b`) and, for OPTIONS, `*`. Returns `undefined` for targets
 * without a path.
 */
export function parseTarget(target: string, method: string, rootPath: string): Target | undefined {
  const local = target.charCodeAt(0) === slash ? target : withoutOrigin(target, method)
  if (local === undefined) return undefined
  const mark = local.indexOf('?')
  const rawPath = rootPath + (mark === -1 ? local : local.slice(0, mark))
  const queryString = mark === -1 ? '' : local.slice(mark + 1)
  return { rootPath, path: rawPath.includes('%') ? decodePath(rawPath) : rawPath, rawPath, queryString }
}

const slash = 47

function withoutOrigin(target: string, method: string): string | undefined {
  if (target === '*') return method === 'OPTIONS' ? target : undefined
  const match = origin.exec(target)
  if (match === null) return undefined
  const rest = target.slice(match[0].length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** Decodes `%XX` as UTF-8. Never throws: bytes that are not UTF-8 become U+FFFD, and `%` without digits stays. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    const bytes = path.replace(/%([\da-f]{2})/gi, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    )
    return Buffer.from(bytes, 'latin1').toString('utf8')
  }
}
