/** Sends the same streams to a worker class and to bare `node:http`, and compares. */
import { fileURLToPath } from 'node:url'
import {
  rawExchange,
  servingUrl,
  startProcess,
  startTunicorn,
  temporaryDirectory,
  testNode,
} from '@tunicorn/harness'
import { type Subject, subjectArgs } from '../policy/subject.js'
import { type Reply, send } from './send.js'
import { type Stream, stream } from './stream.js'
import { excess, fault, type Note, streamOf } from './verdict.js'

export interface FuzzOptions {
  readonly seed: number
  /** Goes on until there were so many requests and so much time has passed. */
  readonly requests: number
  readonly ms: number
}

export interface FuzzReport {
  readonly requests: number
  readonly connections: number
  /** Connections on which answers may be missing. */
  readonly cut: number
  /** How many requests the app was called for, and bare Node. */
  readonly served: number
  readonly bare: number
  readonly faults: readonly string[]
}

const apps = fileURLToPath(new URL('./apps/', import.meta.url))
const batchSize = 100
const lanes = 8
/** After so many it is clear that something is wrong. */
const enough = 10

export async function fuzz(subject: Subject, { seed, requests, ms }: FuzzOptions): Promise<FuzzReport> {
  await using directory = await temporaryDirectory()
  const [own, other] = [`${directory.path}/own.sock`, `${directory.path}/bare.sock`]
  await using bare = await startProcess(testNode(), ['bare.js', other], { cwd: apps })
  const args = [...subjectArgs(subject, 'usual'), '-b', `unix:${own}`]
  await using server = await startTunicorn({ cwd: apps, args })
  await bare.waitForOutput(/serves/)
  await servingUrl(server)
  const report = { requests: 0, connections: 0, cut: 0, served: 0, bare: 0, faults: [] as string[] }
  const startedAt = performance.now()
  for (let first = 1; report.faults.length < enough; first += batchSize) {
    if (report.requests >= requests && performance.now() - startedAt >= ms) break
    const streams = Array.from({ length: batchSize }, (_, index) => stream(seed, first + index))
    const [replies, bareReplies] = await Promise.all([
      sendAll(own, streams, subject.closes ? 1 : lanes),
      sendAll(other, streams, lanes),
    ])
    const [ours, bares] = await Promise.all([notesOf(own), notesOf(other)])
    for (const [index, sent] of streams.entries()) {
      const reply = replies[index]
      // Of what bare Node had not read when this machine was too busy, nothing can be said.
      if (reply === undefined || bareReplies[index]?.isQuiet === true) continue
      const seen = { ours: ours.get(sent.number) ?? [], bare: bares.get(sent.number) ?? [] }
      const found = fault(reply, seen)
      if (found !== undefined) report.faults.push(tell(sent, found, { received: reply.received, ...seen }))
      report.requests += sent.requests
      report.connections += 1
      report.cut += reply.isQuiet || reply.isReset ? 1 : 0
      report.served += seen.ours.length
      report.bare += seen.bare.length
    }
    const stray = excess(ours.get(0) ?? [], bares.get(0) ?? [])
    if (stray !== undefined)
      report.faults.push(`of streams ${first} and up, only the app saw ${JSON.stringify(stray)}`)
  }
  return report
}

function tell({ number, bytes, pieces }: Stream, found: string, facts: object): string {
  const sent = `sent in ${pieces.length} pieces: ${JSON.stringify(bytes)}`
  const lines = Object.entries(facts).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return [`stream ${number}: ${found}`, sent, ...lines].join('\n  ')
}

async function sendAll(
  path: string,
  streams: readonly Stream[],
  concurrency: number,
): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  const left = [...streams.entries()]
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      replies[next[0]] = await send(path, next[1].pieces)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return replies
}

/** By the number of their stream; 0: those whose marker is none any more. */
async function notesOf(path: string): Promise<ReadonlyMap<number, readonly Note[]>> {
  const answer = await rawExchange({ path }, 'GET /take HTTP/1.0\r\n\r\n')
  const text = answer.toString('latin1')
  const notes: readonly Note[] = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))
  const byStream = new Map<number, Note[]>()
  for (const note of notes) {
    const number = streamOf(note.marker)
    byStream.set(number, [...(byStream.get(number) ?? []), note])
  }
  return byStream
}
