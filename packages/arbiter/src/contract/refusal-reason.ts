/** Why a worker answers a request itself instead of the app, in one word. A closed set, because each is a series of a metric. */
export const refusalReasons = [
  'version',
  'target',
  'host',
  'transfer_encoding',
  'content_type',
  'scheme',
  'field_name',
  'request_line',
  'fields',
  'head',
  'body',
  'trailers',
  'upgrade',
  'malformed',
  'proxy_prefix',
  'timeout',
  'overload',
] as const

export type RefusalReason = (typeof refusalReasons)[number]
