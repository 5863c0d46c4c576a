import { defaultWorkerSettings } from '../../contract/default-settings.js'
import { bytes, count } from '../number-kinds.js'
import type { SomeRecords } from '../setting-record.js'

/** How large a request may be. */
export const limitRecords: SomeRecords<
  | 'limitRequestLine'
  | 'limitRequestFields'
  | 'limitRequestFieldSize'
  | 'limitRequestHead'
  | 'limitRequestBody'
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
}
