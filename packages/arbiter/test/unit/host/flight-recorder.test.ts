import { closeSync, openSync, readFileSync } from 'node:fs'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { FlightRecorder } from '../../../src/host/flight-recorder.js'
import { FlightWriter } from '../../../src/host/flight-writer.js'
import { type FlightRecord, parseFlightRecord, slotCount } from '../../../src/protocol/flight-record.js'

interface Record extends AsyncDisposable {
  readonly recorder: FlightRecorder
  readonly writer: FlightWriter
  read(): FlightRecord
  targets(): readonly string[]
}

/** Both writers, on a file of their own. */
async function open(): Promise<Record> {
  const directory = await temporaryDirectory()
  const path = `${directory.path}/record`
  const fd = openSync(path, 'wx+')
  const recorder = new FlightRecorder(fd)
  const read = (): FlightRecord => parseFlightRecord(readFileSync(path), performance.timeOrigin + 1_000)
  return {
    recorder,
    writer: new FlightWriter(recorder.shared, fd),
    read,
    targets: () => read().requests.map(({ target }) => target),
    async [Symbol.asyncDispose]() {
      closeSync(fd)
      await directory[Symbol.asyncDispose]()
    },
  }
}

const begin = ({ recorder }: Record, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => recorder.begin({ method: 'GET', target: `/${index}` }, 500))

describe('the flight record', () => {
  it('has a request from its first moment to its end, with its time', async () => {
    await using record = await open()
    const slot = record.recorder.begin({ method: 'GET', target: '/first?x=1' }, 400)
    expect(record.read()).toEqual({
      requests: [{ method: 'GET', target: '/first?x=1', ms: 600 }],
      unnamed: 0,
    })
    record.recorder.end(slot)
    expect(record.targets()).toEqual([])
  })

  it('has those beyond the first of a moment once the watchdog has seen them twice', async () => {
    await using record = await open()
    const slots = begin(record, 30)
    expect(record.targets()).toHaveLength(25)
    record.writer.look()
    expect(record.targets()).toHaveLength(25)
    record.writer.look()
    expect(record.targets()).toHaveLength(30)
    for (const slot of slots) record.recorder.end(slot)
    expect(record.targets()).toEqual([])
  })

  it('has none that ended between two looks, although another took its slot', async () => {
    await using record = await open()
    const slots = begin(record, 26)
    record.writer.look()
    record.recorder.end(slots.at(-1) ?? 0)
    record.recorder.begin({ method: 'GET', target: '/young' }, 500)
    record.writer.look()
    expect(record.targets()).toHaveLength(25)
    expect(record.targets()).not.toContain('/young')
  })

  it('counts those for which there is no room', async () => {
    await using record = await open()
    const slots = begin(record, slotCount + 3)
    record.writer.look()
    record.writer.look()
    expect(record.read().requests).toHaveLength(slotCount)
    expect(record.read().unnamed).toBe(3)
    for (const slot of slots.toReversed()) record.recorder.end(slot)
    record.writer.look()
    expect(record.read()).toEqual({ requests: [], unnamed: 0 })
  })

  it('keeps the beginning of a long target, and any characters', async () => {
    await using record = await open()
    record.recorder.begin({ method: 'REPORT', target: `/é${'x'.repeat(1_000)}` }, 500)
    const [request] = record.read().requests
    expect(request?.method).toBe('REPORT')
    expect(request?.target).toMatch(/^\/éx{200,240}$/)
  })

  it('has the id of a request, which leaves less room for its target', async () => {
    await using record = await open()
    record.recorder.begin({ method: 'GET', target: '/a b', id: 'one 1' }, 500)
    record.recorder.begin({ method: 'GET', target: `/${'x'.repeat(300)}`, id: 'i'.repeat(200) }, 600)
    expect(record.read().requests).toEqual([
      { method: 'GET', target: '/a b', ms: 500, id: 'one 1' },
      { method: 'GET', target: `/${'x'.repeat(35)}`, ms: 400, id: 'i'.repeat(200) },
    ])
  })

  it('is read without harm when an app has written into it', () => {
    expect(parseFlightRecord(Buffer.alloc(0), 0)).toEqual({ requests: [], unnamed: 0 })
    const { requests, unnamed } = parseFlightRecord(Buffer.alloc(1_000, 0xff), 0)
    expect(unnamed).toBe(0)
    for (const { ms } of requests) expect(ms).toBeGreaterThanOrEqual(0)
  })
})
