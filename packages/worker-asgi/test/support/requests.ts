/** Requests as bytes. */
/** A request without a body, as bytes. */
export function get(path = '/', fields: readonly string[] = [], method = 'GET'): string {
  return `${[`${method} ${path} HTTP/1.1`, 'Host: test', ...fields].join('\r\n')}\r\n\r\n`
}

/** A request with a body, as bytes. */
export function post(body: string, fields: readonly string[] = []): string {
  return get('/', [`Content-Length: ${body.length}`, ...fields], 'POST') + body
}
