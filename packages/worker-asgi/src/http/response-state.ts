/** The states of a response, and the events that an app may send in each. */

/**
 * The state of a response. `request`: nothing was sent; `started`: the head was sent; `file`: a file is being sent as the body;
 * `trailers`: the body was sent; `gone`: the client left before the response was complete.
 */
export type ResponseState = 'request' | 'started' | 'file' | 'trailers' | 'complete' | 'gone'

/** For messages about events that are sent at the wrong time. */
export const expectedResponseEvents: Readonly<Record<ResponseState, readonly string[]>> = {
  request: ['`http.response.start`'],
  started: ['`http.response.body`'],
  file: ['no event while a file is sent'],
  trailers: ['`http.response.trailers`'],
  complete: ['no event after the response is complete'],
  gone: ['no event after the client has left'],
}
