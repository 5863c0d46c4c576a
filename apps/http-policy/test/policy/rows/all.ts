/** Every row of the policy. */
import type { Row } from '../row.js'
import { fieldNameRows } from './field-names.js'
import { chunkRows, codingRows, lengthRows, trailerRows } from './framing.js'
import { fieldRows, hostRows, lineRows } from './head.js'
import { limitRows } from './limits.js'
import { orderRows } from './order.js'
import { prefixRows } from './prefixes.js'
import { proxyRows } from './proxies.js'
import { responseRows } from './responses.js'

export const allRows: readonly Row[] = [
  ...lineRows,
  ...hostRows,
  ...fieldRows,
  ...fieldNameRows,
  ...codingRows,
  ...lengthRows,
  ...chunkRows,
  ...trailerRows,
  ...orderRows,
  ...limitRows,
  ...prefixRows,
  ...proxyRows,
  ...responseRows,
]
