/** The states of a response, and the events that an app may send in each. */

/**
 * Where a response stands. `request`: nothing was sent; `started`: the head is there; `file`: a file is the body;
 * `trailers`: the body is there; `gone`: the client has left before it was complete.
 */
export type ResponseState = 'request' | 'started' | 'file' | 'trailers' | 'complete' | 'gone'

/** For messages about events that come at the wrong time. */
export const expectedResponseEvents: Readonly<Record<ResponseState, readonly string[]>> = {
  request: ['`http.response.start`'],
  started: ['`http.response.body`'],
  file: ['no event while a file is sent'],
  trailers: ['`http.response.trailers`'],
  complete: ['no event after the response is complete'],
  gone: ['no event after the client has left'],
}
