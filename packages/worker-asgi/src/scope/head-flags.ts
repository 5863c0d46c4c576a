/**
 * What the server itself needs from the fields of every request, read in one pass. Node builds `headers` only when it is read,
 * and most requests are served without it.
 */
export interface HeadFlags {
  /** Software differs in which of several hosts it uses, but proxies and apps must not disagree. */
  readonly hasSeveralHosts: boolean
  /** A non-empty body was announced. */
  readonly hasBody: boolean
  /** A proxy speaks for the client. Whether it can be trusted is not checked here. */
  readonly isForwarded: boolean
}

const none: HeadFlags = Object.freeze({ hasSeveralHosts: false, hasBody: false, isForwarded: false })

export function readHeadFlags(rawHeaders: readonly string[]): HeadFlags {
  let hosts = 0
  let hasBody = false
  let isForwarded = false
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    switch (name.length) {
      case 'host'.length:
        if (name.toLowerCase() === 'host') hosts += 1
        break
      case 'content-length'.length:
        if (name.toLowerCase() === 'content-length' && rawHeaders[index + 1] !== '0') hasBody = true
        break
      case 'forwarded'.length:
        if (name.toLowerCase() === 'forwarded') isForwarded = true
        break
      // Two names have this length.
      case 'x-forwarded-for'.length: {
        const lower = name.toLowerCase()
        if (lower === 'x-forwarded-for' || lower === 'x-forwarded-ssl') isForwarded = true
        break
      }
      case 'x-forwarded-prefix'.length:
        if (name.toLowerCase() === 'x-forwarded-prefix') isForwarded = true
        break
      // Two names have this length.
      case 'transfer-encoding'.length: {
        const lower = name.toLowerCase()
        if (lower === 'transfer-encoding') hasBody = true
        else if (lower === 'x-forwarded-proto') isForwarded = true
        break
      }
    }
  }
  if (hosts <= 1 && !hasBody && !isForwarded) return none
  return { hasSeveralHosts: hosts > 1, hasBody, isForwarded }
}
