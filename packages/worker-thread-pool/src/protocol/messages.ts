/**
 * The messages between the event loop and a thread, on one port per thread. Requests are identified by `id`, which is never
 * reused. Both ends are modules of this package in one process, so messages need no check when they arrive.
 */
import type { AddressInfo } from 'node:net'
import type { AppKind, AskedAddress, ErrorCode, SendHint, WorkerSettings } from '@tunicorn/arbiter/worker'
import type { ErrorData } from './error-data.js'

/** A piece of a body. Credit is counted in its `length`: bytes, or characters of a short string. */
export type BodyPart = string | Uint8Array<ArrayBuffer>

/** Where a connection comes from, and where it was accepted. Absent properties: a Unix socket. */
export interface Peer {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly remoteFamily?: string | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
  readonly isEncrypted: boolean
  /** Present if this server encrypts the connection. */
  readonly tls?: TlsPeer | undefined
}

/** What apps can ask of an encrypted connection. */
export interface TlsPeer {
  readonly isAuthorized: boolean
  readonly authorizationError: string | null
  readonly protocol: string | null
  readonly cipher: { readonly name: string; readonly standardName: string; readonly version: string }
  /** The host name that the client asked for. `false`, as in Node: none. */
  readonly servername: string | false | null | undefined
  /** Certificates of the client as DER. Its own comes first. */
  readonly chain: readonly Uint8Array[]
}

export interface RequestMessage {
  readonly type: 'request'
  readonly id: number
  readonly method: string
  readonly target: string
  readonly httpVersion: string
  /** Names and values in turn, as they arrived. */
  readonly fields: readonly string[]
  readonly peer: Peer
  /** The part of the body that was read before the request was sent to the thread. */
  readonly body: Uint8Array<ArrayBuffer> | undefined
  /** Nothing more of the request will follow. */
  readonly isWhole: boolean
  readonly trailers: readonly string[]
}

export type AbortReason = 'left' | 'timeout'

export type ToThread =
  | RequestMessage
  | { readonly type: 'chunk'; readonly id: number; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly id: number; readonly trailers: readonly string[] }
  /** The client has taken this much of the response. */
  | { readonly type: 'credit'; readonly id: number; readonly size: number }
  | { readonly type: 'abort'; readonly id: number; readonly reason: AbortReason }
  /** A broadcast from another worker or thread, as JSON. */
  | { readonly type: 'broadcast'; readonly text: string }
  /** Where an app that asked to listen is served. */
  | { readonly type: 'settled'; readonly addresses: readonly (AddressInfo | string)[] }
  | { readonly type: 'refused'; readonly error: ErrorData; readonly code: ErrorCode | undefined }
  /** The app is to close, and the thread to exit. */
  | { readonly type: 'stop' }

export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** Names and values in turn, without the fields that belong to the connection. */
  readonly fields: readonly string[]
}

export interface ResponseMessage {
  readonly type: 'response'
  readonly id: number
  /** Only in the first message of a response. */
  readonly head: ResponseHead | undefined
  readonly parts: readonly BodyPart[]
  /** Only in the last message of a response. */
  readonly last: ResponseEnd | undefined
}

interface ResponseEnd {
  readonly trailers: readonly string[]
  /** The handler has returned too: this replaces `done`. */
  readonly isDone: boolean
}

export type FromThread =
  | { readonly type: 'ready'; readonly threadId: number }
  | { readonly type: 'unready'; readonly error: ErrorData; readonly code: ErrorCode | undefined }
  /** The thread has read this many broadcasts. */
  | { readonly type: 'heard'; readonly count: number }
  /** The app broadcasts, as JSON. */
  | { readonly type: 'broadcast'; readonly text: string; readonly group: string | undefined }
  /** The contents of the app's metric registries, as JSON. */
  | { readonly type: 'metrics'; readonly text: string }
  | { readonly type: 'warning'; readonly text: string }
  /** The app called `process.send`, and should be told what that does. */
  | { readonly type: 'hint'; readonly about: SendHint }
  /** The app called `listen` itself, and waits to be told where it is served. */
  | { readonly type: 'asks'; readonly asked: AskedAddress }
  /** The app has closed its server. */
  | { readonly type: 'closed' }
  /** A server of the app gets no port. */
  | { readonly type: 'unserved'; readonly text: string }
  | ResponseMessage
  /** 102 or 103, before the response. */
  | { readonly type: 'information'; readonly id: number; readonly hints: Hints | undefined }
  /** The app has read this much of the request. */
  | { readonly type: 'credit'; readonly id: number; readonly size: number }
  /** The app threw, or its promise rejected. */
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData }
  /** The app destroyed the connection before the response was complete. */
  | { readonly type: 'cut'; readonly id: number; readonly error: ErrorData | undefined }
  /** The handler has returned, and the response is out of its hands. The last message is this, or a response that says the same. */
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
  /** Absent: an app that calls `listen` is not adopted. */
  readonly patienceMs: number | undefined
  readonly forwarded: Pick<WorkerSettings, 'forwardedAllowIps' | 'forwardedHeaders'>
  readonly waitReady: boolean
}
