/**
 * Maps the frames of a stack to the sources that a compiler or a bundler has processed. It runs in a thread of its own, because a
 * map may be large or never end, and whatever waits for the stack waits only a moment.
 */
import { readFileSync, statSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { MappedPlace } from './original-frames.js'
import type { StackFrame } from './stack-frame.js'

/** For anything larger, Node would take longer than anybody waits. */
const maxMapBytes = 33_554_432

// Written by the watchdog of the same process.
const frames = workerData as readonly StackFrame[]
const maps = new Map<string, SourceMap | undefined>()

for (const [index, frame] of frames.entries()) {
  const place = originalPlace(frame)
  if (place) parentPort?.postMessage({ index, place } satisfies MappedPlace)
}

function originalPlace({ place, sourceMapUrl }: StackFrame): StackFrame['place'] | undefined {
  if (sourceMapUrl === '') return undefined
  // Here Node counts from 0.
  const found = mapOf(place.url, sourceMapUrl)?.findEntry(place.line - 1, place.column - 1)
  if (!found || !('originalSource' in found)) return undefined
  return { url: found.originalSource, line: found.originalLine + 1, column: found.originalColumn + 1 }
}

function mapOf(url: string, sourceMapUrl: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(url, sourceMapUrl))
  return maps.get(url)
}

/** A missing or invalid map leaves the frame unchanged. */
function readMap(url: string, sourceMapUrl: string): SourceMap | undefined {
  try {
    const isInline = sourceMapUrl.startsWith('data:')
    const at = new URL(sourceMapUrl, url)
    const text = isInline ? decoded(sourceMapUrl) : readSmall(fileURLToPath(at))
    const payload: SourceMapPayload = JSON.parse(text)
    const { sourceRoot = '' } = payload
    const base = isInline ? url : at
    const sources = payload.sources.map(source => new URL(sourceRoot + source, base).href)
    return new SourceMap({ ...payload, sources, sourceRoot: '' })
  } catch {
    return undefined
  }
}

function readSmall(path: string): string {
  if (statSync(path).size > maxMapBytes) throw new Error('It is too large')
  return readFileSync(path, 'utf8')
}

function decoded(dataUrl: string): string {
  const comma = dataUrl.indexOf(',')
  const content = dataUrl.slice(comma + 1)
  const isBase64 = dataUrl.slice(0, comma).endsWith(';base64')
  return isBase64 ? Buffer.from(content, 'base64').toString() : decodeURIComponent(content)
}
