/** A framework, an app of it, and what is asked of the app. */

/** One request, and what its answer has to contain. */
export interface Ask {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | FormData
  /** @default 'POST' with a body, else 'GET' */
  readonly method?: string
  readonly answer: RegExp
}

/** What an app is asked for. A part that the framework does not have is absent. */
export interface Asks {
  readonly json: Ask
  readonly file?: Ask
  readonly post?: Ask
  readonly upload?: Ask
  /** The answer comes in two parts, with a fifth of a second between them. */
  readonly stream?: Ask
}

export interface Framework {
  readonly name: string
  /** The package that names its version. */
  readonly package: string
  /** Below `apps/frameworks`; one of `light` needs no build. */
  readonly folder: string
  /** What `tunicorn` is given. */
  readonly start: string
  readonly asks: Asks
  /** A client of this kind is connected while the server reloads. */
  readonly sockets?: 'ws' | 'socket.io'
  /** What the app prints in its own shutdown. Absent: it has none. */
  readonly farewell?: RegExp
  /** `as it is`, or the line that has to change. */
  readonly takes?: string
}

const file: FormData = new FormData()
file.set('file', new Blob([new Uint8Array(100_000)]), 'photo.bin')

/** What most frameworks have. */
export const usual: Asks = {
  json: { path: '/json', answer: /^\{\s*"hello":\s*"world"\s*\}$/ },
  file: { path: '/hello.txt', answer: /^a static file\n$/ },
  post: {
    path: '/echo',
    headers: { 'content-type': 'application/json' },
    body: '{"list":[1,2,3]}',
    answer: /^\{\s*"list":\s*\[1,2,3\]\s*\}$/,
  },
  upload: { path: '/upload', body: file, answer: /"size":100000/ },
  // Compressed, the parts would wait for each other.
  stream: { path: '/stream', headers: { 'accept-encoding': 'identity' }, answer: /^first\nlast\n$/ },
}
