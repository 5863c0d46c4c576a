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
    summary: 'maximum size of the request line; larger ones get 414',
    details: "With 0, only Node's own limit applies.",
  },
  limitRequestFields: {
    ...count,
    name: 'limitRequestFields',
    scope: 'worker',
    flag: { long: '--limit-request-fields', metavar: 'N' },
    default: defaultWorkerSettings.limitRequestFields,
    summary: 'maximum number of header fields; more get 431',
    details: "With 0, only Node's own limit applies.",
  },
  limitRequestFieldSize: {
    ...bytes,
    name: 'limitRequestFieldSize',
    scope: 'worker',
    flag: { long: '--limit-request-field-size', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestFieldSize,
    summary: 'maximum size of one header field; larger ones get 431',
    details: "With 0, only Node's own limit applies.",
  },
  limitRequestHead: {
    ...bytes,
    name: 'limitRequestHead',
    scope: 'worker',
    flag: { long: '--limit-request-head', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestHead,
    summary: 'maximum size of a whole request head; larger ones get 431',
    details:
      'Counted as Node counts it: the target, and the names and values of the fields. The default is below the other limits added up, so that a client cannot make a worker hold all that they allow. With 0, only those apply.',
  },
  limitRequestBody: {
    ...bytes,
    name: 'limitRequestBody',
    scope: 'worker',
    flag: { long: '--limit-request-body', metavar: 'SIZE' },
    default: defaultWorkerSettings.limitRequestBody,
    summary: 'maximum size of a request body; larger ones get 413; 0 = off',
  },
  headerMap: {
    ...choice(headerMaps),
    name: 'headerMap',
    scope: 'worker',
    flag: { long: '--header-map', metavar: 'WHAT' },
    default: defaultWorkerSettings.headerMap,
    summary: 'fields with an underscore in their name: drop, refuse or keep',
    details:
      'Code that turns fields into variables, as CGI does, confuses `X_Real_IP` with `X-Real-IP`: a client could then say what only a proxy may say. `drop` withholds such fields from the app, as nginx does, `refuse` answers 400, and `keep` passes them on. The same applies to trailers.',
  },
}
