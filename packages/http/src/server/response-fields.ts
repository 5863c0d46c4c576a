/** Takes out of a response head what only the server may say: where the response ends, and whether the connection is kept. */

/** What was said by the fields that were taken out, and by those that decide about the rest. */
export interface Said {
  readonly status: number
  /** Value of `Content-Length` as given by the app. */
  length: unknown
  /** `Connection: close`. */
  closes: boolean
  /** `Transfer-Encoding: chunked`. */
  isChunked: boolean
}

/**
 * The same fields, in any form that `writeHead` takes: an object, pairs, or names and values in turn. They are copied only
 * when something is taken out.
 */
export function sift(fields: object, said: Said): object {
  if (!Array.isArray(fields)) return siftObject(fields, said)
  return Array.isArray(fields[0]) ? siftPairs(fields, said) : siftList(fields, said)
}

function siftObject(fields: object, said: Said): object {
  let kept: object | undefined
  for (const [name, value] of Object.entries(fields)) {
    if (!takes(name, value, said)) continue
    kept ??= { ...fields }
    Reflect.deleteProperty(kept, name)
  }
  return kept ?? fields
}

function siftPairs(fields: readonly unknown[], said: Said): object {
  return fields.filter(field => !(Array.isArray(field) && takes(field[0], field[1], said)))
}

function siftList(fields: readonly unknown[], said: Said): object {
  let kept: unknown[] | undefined
  for (let index = 0; index < fields.length; index += 2) {
    if (takes(fields[index], fields[index + 1], said)) kept ??= fields.slice(0, index)
    else kept?.push(fields[index], fields[index + 1])
  }
  return kept ?? fields
}

/** Whether only the server may set a field. */
export function takes(name: unknown, value: unknown, said: Said): boolean {
  if (typeof name !== 'string') return false
  // The length separates the few names that matter from most others.
  switch (name.length) {
    case 10: {
      const lower = name.toLowerCase()
      if (lower !== 'connection') return lower === 'keep-alive'
      said.closes ||= /\bclose\b/i.test(String(value))
      // 426 is the only answer that must name a field of this hop (RFC 9110, 15.5.22).
      return said.status !== 426 || said.closes
    }
    case 14:
      if (name.toLowerCase() !== 'content-length') return false
      // Two different lengths: neither can be trusted.
      said.length = said.length === undefined || said.length === value ? value : Number.NaN
      return said.status === 204
    case 16:
      return name.toLowerCase() === 'proxy-connection'
    case 17:
      if (name.toLowerCase() !== 'transfer-encoding') return false
      said.isChunked ||= /\bchunked\b/i.test(String(value))
      return true
    default:
      return false
  }
}
