import { Response as UndiciResponse } from 'undici'

const headers = make => [
  ['x-make', make],
  ['set-cookie', 'a=1'],
  ['set-cookie', 'b=2'],
]

export const undici = {
  fetch: () => new UndiciResponse('made by undici', { status: 201, headers: headers('undici') }),
}

/** As the libraries make them that bring their own `fetch`: neither the class nor the stream is Node's. */
export const ponyfill = {
  fetch: () => ({
    status: 201,
    statusText: '',
    headers: new Headers(headers('ponyfill')),
    body: { getReader: () => readerOf(['made by ', 'ponyfill']) },
  }),
}

function readerOf(parts) {
  const rest = parts.map(part => new TextEncoder().encode(part))
  return {
    read: async () =>
      rest.length === 0 ? { done: true, value: undefined } : { done: false, value: rest.shift() },
    cancel: async () => {},
  }
}
