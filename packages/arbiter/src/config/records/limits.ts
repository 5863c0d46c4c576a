import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { headerMaps } from '../../contract/worker-settings.js'
import { bytes, count } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'
import { choice } from '../text-kinds.js'

/** How large a request may be, and what its fields may be called. */
export const limitRecords: SomeRecords<
  | 'limitRequestLine'
  | 'limitRequestFields'
  | 'limitRequestFieldSize'
  | 'limitRequestHead'
  | 'limitRequestBody'
  | 'headerMap'
> = {
  limitRequestLine: {
    ...bytes,
    name: 'limitRequestLine',
    scope: 'worker',
    flag: { long: '--limit-request-line', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestLine,
    summary: 'size of the request line; above it 414',
    details: "0 leaves only Node's own limit.",
  },
  limitRequestFields: {
    ...count,
    name: 'limitRequestFields',
    scope: 'worker',
    flag: { long: '--limit-request-fields', metavar: 'N' },
    default: defaultWorkerSettings.limitRequestFields,
    summary: 'number of header fields; above it 431',
    details: "0 leaves only Node's own limit.",
  },
  limitRequestFieldSize: {
    ...bytes,
    name: 'limitRequestFieldSize',
    scope: 'worker',
    flag: { long: '--limit-request-field-size', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestFieldSize,
    summary: 'size of one header field; above it 431',
    details: "0 leaves only Node's own limit.",
  },
  limitRequestHead: {
    ...bytes,
    name: 'limitRequestHead',
    scope: 'worker',
    flag: { long: '--limit-request-head', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestHead,
    summary: 'size of a whole request head; above it 431',
    details:
      'As Node counts it: the target, and the names and values of the fields. Below the other limits together, so that a client cannot make a worker keep all that they allow. 0 leaves those.',
  },
  limitRequestBody: {
    ...bytes,
    name: 'limitRequestBody',
    scope: 'worker',
    flag: { long: '--limit-request-body', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestBody,
    summary: 'size of a request body; above it 413; 0 = off',
  },
  headerMap: {
    ...choice(headerMaps),
    name: 'headerMap',
    scope: 'worker',
    flag: { long: '--header-map', metavar: 'WHAT' },
    default: defaultWorkerSettings.headerMap,
    summary: 'fields with an underscore in their name: drop, refuse or keep',
    details:
      'Whoever makes variables of fields, as CGI does, takes `X_Real_IP` for `X-Real-IP`: a client could say so what only a proxy may say. `drop` keeps such fields from the app, as nginx does, `refuse` answers 400, and `keep` passes them on. Trailers too.',
  },
}
