/**
 * What the event loop and a thread say to each other, on one port per thread. Requests are told apart by `id`, which is
 * never reused. Both ends are modules of this package in one process: the messages need no check when they arrive.
 */
import type { AddressInfo } from 'node:net'
import type { AppKind, AskedAddress, ErrorCode, SendHint, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { ErrorData } from './error-data.js'

/** A piece of a body. Its `length` is what credit is counted in: bytes, or characters of a short text. */
export type BodyPart = string | Uint8Array<ArrayBuffer>

/** Where a connection comes from and where it was accepted. Absent properties: a Unix socket. */
export interface Peer {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly remoteFamily?: string | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly isEncrypted: boolean
  /** Present when it is encrypted by this server. */
  readonly tls?: TlsPeer | undefined
}

/** What apps ask an encrypted connection. */
export interface TlsPeer {
  readonly isAuthorized: boolean
  readonly authorizationError: string | null
  readonly protocol: string | null
  readonly cipher: { readonly name: string; readonly standardName: string; readonly version: string }
  /** The host name that the client has asked for; `false`, as Node has it: none. */
  readonly servername: string | false | null | undefined
  /** Certificates of the client as DER, its own first. */
  readonly chain: readonly Uint8Array[]
}

export interface RequestMessage {
  readonly type: 'request'
  readonly id: number
  readonly method: string
  readonly target: string
  readonly httpVersion: string
  /** Names and values in turn, as they came. */
  readonly fields: readonly string[]
  readonly peer: Peer
  /** What was read of the body before the request was sent. */
  readonly body: Uint8Array<ArrayBuffer> | undefined
  /** Nothing of the request is to come. */
  readonly isWhole: boolean
  readonly trailers: readonly string[]
}

export type AbortReason = 'left' | 'timeout'

export type ToThread =
  | RequestMessage
  | { readonly type: 'chunk'; readonly id: number; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly id: number; readonly trailers: readonly string[] }
  /** The client has taken so much of the response. */
  | { readonly type: 'credit'; readonly id: number; readonly size: number }
  | { readonly type: 'abort'; readonly id: number; readonly reason: AbortReason }
  /** What other workers and threads broadcast, as JSON. */
  | { readonly type: 'broadcast'; readonly text: string }
  /** Where the app is served that has asked to listen. */
  | { readonly type: 'settled'; readonly addresses: readonly (AddressInfo | string)[] }
  | { readonly type: 'refused'; readonly error: ErrorData; readonly code: ErrorCode | undefined }
  /** Close the app and exit. */
  | { readonly type: 'stop' }

export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** Names and values in turn, without the fields that are the connection's own. */
  readonly fields: readonly string[]
}

export interface ResponseMessage {
  readonly type: 'response'
  readonly id: number
  /** In the first message of a response. */
  readonly head: ResponseHead | undefined
  readonly parts: readonly BodyPart[]
  /** In the last message of a response. */
  readonly last: ResponseEnd | undefined
}

interface ResponseEnd {
  readonly trailers: readonly string[]
  /** The handler has returned too: this stands for `done`. */
  readonly isDone: boolean
}

export type FromThread =
  | { readonly type: 'ready'; readonly threadId: number }
  | { readonly type: 'unready'; readonly error: ErrorData; readonly code: ErrorCode | undefined }
  /** It has read so many broadcasts. */
  | { readonly type: 'heard'; readonly count: number }
  /** The app broadcasts, as JSON. */
  | { readonly type: 'broadcast'; readonly text: string; readonly group: string | undefined }
  /** What the registries of the app hold, as JSON. */
  | { readonly type: 'metrics'; readonly text: string }
  | { readonly type: 'warning'; readonly text: string }
  /** The app called `process.send`, and should be told what that does. */
  | { readonly type: 'hint'; readonly about: SendHint }
  /** The app listens by itself: where it is served is to be told. */
  | { readonly type: 'asks'; readonly asked: AskedAddress }
  /** The app has closed its server. */
  | { readonly type: 'closed' }
  /** A server of the app's is given no port. */
  | { readonly type: 'unserved'; readonly text: string }
  | ResponseMessage
  /** 102 or 103, before the response. */
  | { readonly type: 'information'; readonly id: number; readonly hints: Hints | undefined }
  /** The app has read so much of the request. */
  | { readonly type: 'credit'; readonly id: number; readonly size: number }
  /** The app threw or its promise rejected. */
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData }
  /** The app destroyed the connection before the response was whole. */
  | { readonly type: 'cut'; readonly id: number; readonly error: ErrorData | undefined }
  /** The handler has returned and the response is out of its hands. This, or a response that says so, is the last message. */
  | { readonly type: 'done'; readonly id: number }

/** Early hints; absent: `102 Processing`. */
export type Hints = Readonly<Record<string, string | string[]>>

/** What a thread needs to load the app. */
export interface ThreadInit {
  readonly app: {
    readonly url: string
    readonly exportName: string
    readonly kind: AppKind | 'auto'
    readonly specifier: string
    /** Name of the worker class, for messages. */
    readonly workerClass: string
  }
  readonly appKinds: readonly AppKind[]
  /** Absent: an app that listens is on its own. */
  readonly patienceMs: number | undefined
  readonly forwarded: Pick<WorkerSettings, 'forwardedAllowIps' | 'forwardedHeaders'>
  readonly waitReady: boolean
}
