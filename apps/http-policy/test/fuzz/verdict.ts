/** What is wrong about how a server has taken a stream, next to what bare `node:http` took for requests. */
import { type Answer, readAnswers } from '../policy/answers.js'
import type { Reply } from './send.js'

/** A request that an app, or bare Node, was called for. */
export interface Note {
  readonly marker: string
  readonly method: string
  /** Absent where an app does not get it as it came. */
  readonly target?: string
  /** Absent when not all of it came, or before it was answered. */
  readonly body?: string
}

/** Of one stream, in the order in which they began. */
export interface Seen {
  readonly ours: readonly Note[]
  readonly bare: readonly Note[]
}

/** Node's own answer to an expectation that it does not know. To HEAD it has no body, and the connection goes on. */
const expectationFailed = /HTTP\/1\.1 417 [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(?:0\r\n\r\n)?/g

/** The first fault; `undefined` when there is none. */
export function fault(reply: Reply, { ours, bare }: Seen): string | undefined {
  const received = reply.received.replaceAll(expectationFailed, '')
  const isExpectationLast = new RegExp(`${expectationFailed.source}$`).test(reply.received)
  const isCut = reply.isQuiet || reply.isReset
  const strange = excess(ours, bare)
  if (strange !== undefined)
    return `the app was called for what Node does not take for a request: ${tell(strange)}`
  const { whole, rest } = readAnswers(received, [], true)
  // To HEAD it has no body.
  const isRefusedHead = /^HTTP\/1\.1 [45]\d\d [^\0]*\r\n\r\n$/.test(rest)
  if (rest !== '' && !isRefusedHead && !isCut)
    return `what came is no answer: ${JSON.stringify(rest.slice(0, 200))}`
  const finals = whole.filter(({ status }) => status >= 200)
  const served = finals.map(markerIn).filter(marker => streamOf(marker) > 0)
  const begun = bare.map(({ marker }) => marker)
  if (served.some((marker, at) => marker !== begun[at]))
    return `answers are missing, or not in order: ${served.join(' ')}`
  const early = finals.slice(0, isRefusedHead ? undefined : -1).find(({ status }) => status !== 200)
  if (early !== undefined) return `there is an answer behind a ${early.status}`
  const known = new Set(begun.slice(0, served.length + 1))
  const behind = ours.find(({ marker }) => !known.has(marker))
  if (behind !== undefined && !isCut) return `ran behind a request that was refused: ${tell(behind)}`
  const unanswered = ours.find(({ marker, body }) => body !== undefined && !served.includes(marker))
  if (unanswered !== undefined && !isCut) return `has no answer: ${tell(unanswered)}`
  return isCut || isRefusedHead || isExpectationLast ? undefined : endFault(finals, ours)
}

/** The connection is at its end, and the last answer has said so. */
function endFault(finals: readonly Answer[], ours: readonly Note[]): string | undefined {
  const last = finals.at(-1)
  if (last === undefined) return 'the connection ended without an answer'
  // A body that turns out wrong behind its answer has no other one.
  const isEarly =
    last.status === 200 && !ours.some(({ marker, body }) => marker === markerIn(last) && body !== undefined)
  if (isEarly) return undefined
  return /^connection: close\r$/im.test(last.head)
    ? undefined
    : `the connection ended behind ${JSON.stringify(last.head)}`
}

/** The first of these that is not, or not with the same body, among those. */
export function excess(notes: readonly Note[], among: readonly Note[]): Note | undefined {
  const left = [...among]
  return notes.find(note => {
    const at = left.findIndex(other => isSame(note, other))
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}

function isSame(ours: Note, bare: Note): boolean {
  const isTarget = ours.target === undefined || ours.target === bare.target
  const isBody = ours.body === undefined || ours.body === bare.body
  return ours.marker === bare.marker && ours.method === bare.method && isTarget && isBody
}

/** The number of the stream that a marker is from; 0: it is none any more. */
export function streamOf(marker: string): number {
  return Number(/^s(\d{7})-\1-\w+$/.exec(marker)?.[1] ?? 0)
}

function markerIn({ head }: Answer): string {
  return /^x-m: (.*)\r$/im.exec(head)?.[1] ?? ''
}

function tell(note: Note): string {
  return JSON.stringify(note)
}
