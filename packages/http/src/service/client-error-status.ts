/** The status for a request that Node could not read. */
const statusByCode: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** By the code of Node's error; anything that is not known is a malformed request. */
export function clientErrorStatus(error: Error): number {
  const code = 'code' in error ? error.code : undefined
  return (typeof code === 'string' ? statusByCode[code] : undefined) ?? 400
}

/** Node has read something after a request that said `connection: close`. */
export function isBehindTheLast(error: Error): boolean {
  return 'code' in error && error.code === 'HPE_CLOSED_CONNECTION'
}

/** The client has ended its side in the middle of a request. */
export function isCutShort(error: Error): boolean {
  return 'code' in error && error.code === 'HPE_INVALID_EOF_STATE'
}

/** A head or a body has not come in time. */
export function isLate(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
}
