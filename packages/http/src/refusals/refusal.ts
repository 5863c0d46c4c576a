/** Why a request is refused, and with what. */

/** In a word, as metrics and logs say it. */
type RefusalReason =
  | 'version'
  | 'target'
  | 'host'
  | 'transfer_encoding'
  | 'content_type'
  | 'scheme'
  | 'request_line'
  | 'fields'
  | 'body'
  | 'trailers'
  | 'upgrade'
  | 'malformed'
  | 'timeout'

export interface Refusal {
  readonly status: number
  readonly reason: RefusalReason
  /** The setting whose limit was passed. */
  readonly limit?: string
}
