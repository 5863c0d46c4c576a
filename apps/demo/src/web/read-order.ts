/** The JSON body of a request, checked. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import { sendProblem } from './route.js'

/** @returns what the page orders; undefined when the body is no such order, and then the request has been answered */
export async function readOrder<Output>(
  schema: v.GenericSchema<unknown, Output>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Output | undefined> {
  // Bounded by the setting `limitRequestBody` of this group.
  const order = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await text(request))
  if (order.success) return order.output
  sendProblem(response, 400, v.summarize(order.issues))
  return undefined
}
