/** Why a worker answers a request itself and not the app, in a word: a closed set, as each is a series of a metric. */
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
