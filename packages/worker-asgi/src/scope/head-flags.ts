/**
 * What the server itself looks for in the fields of every request, in one pass: Node makes `headers` only when somebody
 * reads it, and most requests are served without.
 */
export interface HeadFlags {
  /** Which of several hosts is meant depends on who reads it: proxies and apps must not differ. */
  readonly hasSeveralHosts: boolean
  /** A body was announced that is not empty. */
  readonly hasBody: boolean
  /** A proxy speaks for the client, if it is one to be trusted. */
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
      // The same length twice.
      case 'x-forwarded-for'.length: {
        const lower = name.toLowerCase()
        if (lower === 'x-forwarded-for' || lower === 'x-forwarded-ssl') isForwarded = true
        break
      }
      case 'x-forwarded-prefix'.length:
        if (name.toLowerCase() === 'x-forwarded-prefix') isForwarded = true
        break
      // The same length twice.
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
