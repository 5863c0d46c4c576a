/** Rows of the specification as tests: what is given, what is done, what must be seen. */

import type { App, ServeOptions } from '@tunicorn/worker-asgi'
import { describe, expect, test } from 'vitest'
import { chunkedBody } from './chunked-body.js'
import type { Probe } from './probe.js'
import { type Scene, startScene } from './scene.js'

export interface Row {
  readonly given: string
  readonly when: string
  readonly expects: string
  readonly app: (probe: Probe) => App
  readonly options?: ServeOptions
  /** Bytes that the client sends at once. */
  readonly sends?: string
  /** What must be received after that. */
  readonly receives?: RegExp
  /** The body of the response, which must be chunked. */
  readonly chunks?: string
  /** What must never be received. */
  readonly never?: RegExp
  /** Whether the server closes the connection; `open`: it serves another request on it. */
  readonly connection?: 'closed' | 'open'
  /** What the app notes. */
  readonly notes?: readonly unknown[]
  /** What the log must say. */
  readonly logs?: RegExp
  /** Whatever has no words above. */
  readonly also?: (scene: Scene) => Promise<void>
}

export function describeRows(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    for (const row of rows)
      test(`given ${row.given}, when ${row.when}, expect ${row.expects}`, () => play(row))
  })
}

async function play(row: Row): Promise<void> {
  const scene = await startScene(row.app, row.options)
  if (row.sends !== undefined) await exchange(row, scene)
  if (row.notes !== undefined) expect(await scene.probe.noted(row.notes.length)).toEqual(row.notes)
  if (row.logs !== undefined) await scene.probe.logged(row.logs)
  await row.also?.(scene)
  if (row.notes !== undefined) expect(scene.probe.notes).toHaveLength(row.notes.length)
}

async function exchange(row: Row, scene: Scene): Promise<void> {
  const { sends = '', receives, chunks, never, connection } = row
  const client = await scene.connect()
  client.send(sends)
  if (receives !== undefined) await client.until(receives)
  if (chunks !== undefined) expect(chunkedBody(client.received)).toBe(chunks)
  if (connection === 'closed') await client.closed()
  if (connection === 'open') {
    const { length } = client.received
    client.send('GET /again HTTP/1.1\r\nHost: test\r\n\r\n')
    await client.until(new RegExp(`^.{${length}}HTTP/1\\.1 \\d`, 's'))
  }
  if (receives !== undefined && connection !== 'open') expect(client.received).toMatch(receives)
  if (never !== undefined) expect(client.received).not.toMatch(never)
}
