/** Plays rows against one server of a subject for each setup, and tells which of them came out otherwise. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Chunking, expectedOf, patienceMs, play } from './play.js'
import type { Row, Setup } from './row.js'
import { type Subject, startSubject } from './subject.js'

export interface Difference {
  readonly given: string
  readonly chunking: string
  readonly sends: string
  readonly expected: unknown
  readonly came: unknown
}

export async function differences(
  subject: Subject,
  rows: readonly Row[],
  chunkings: Readonly<Record<string, Chunking>>,
): Promise<readonly Difference[]> {
  const found: Difference[] = []
  const own = rows.filter(({ kinds }) => kinds === undefined || kinds.includes(subject.kind))
  const setups = new Set(own.map(({ setup = 'usual' }) => setup))
  for (const setup of setups) {
    const some = own.filter(row => (row.setup ?? 'usual') === setup)
    found.push(...(await differencesIn(subject, setup, some, chunkings)))
  }
  return found
}

/** So many at a time, where a worker takes more than one connection and no row is told by the log. */
const together = 8

async function differencesIn(
  subject: Subject,
  setup: Setup,
  rows: readonly Row[],
  chunkings: Readonly<Record<string, Chunking>>,
): Promise<readonly Difference[]> {
  const { running, url } = await startSubject(subject, setup)
  await using server = running
  const tasks = Object.entries(chunkings).flatMap(([name, chunking]) =>
    rows
      .filter(row => name === 'whole' || !isPlayedWhole(row, subject))
      .map(row => ({ row, run: () => difference(row, name, chunking) })),
  )
  const quiet = tasks.filter(({ row }) => row.logs === undefined)
  const found = await inTurns(quiet, subject.closes ? 1 : together)
  return [
    ...found,
    ...(await inTurns(
      tasks.filter(({ row }) => row.logs !== undefined),
      1,
    )),
  ]

  async function difference(
    row: Row,
    chunkingName: string,
    chunking: Chunking,
  ): Promise<readonly Difference[]> {
    const { given, sends, logs } = row
    const expected = expectedOf(row, subject)
    const logged = server.output.length
    const came = await play(row, expected, { url, closes: subject.closes }, chunking)
    const isLogged = logs === undefined || (await isSaid(() => server.output.slice(logged), logs))
    if (isLogged && JSON.stringify(came) === JSON.stringify(expected)) return []
    return [
      { given, chunking: chunkingName, sends, expected, came: isLogged ? came : { ...came, logs: 'not' } },
    ]
  }
}

/**
 * A class that closes every connection does not hear out a client that goes on with another request, as bare Node does not. A
 * reset may overtake the answer then, unless all bytes are there before.
 */
function isPlayedWhole({ isWhole, answers }: Row, { closes }: Subject): boolean {
  return isWhole === true || (closes && answers.length > 1)
}

async function inTurns(
  tasks: readonly { run(): Promise<readonly Difference[]> }[],
  concurrency: number,
): Promise<readonly Difference[]> {
  const found: Difference[] = []
  const left = [...tasks]
  const work = async (): Promise<void> => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) found.push(...(await task.run()))
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return found
}

/** Lines come a moment after the answer. */
async function isSaid(output: () => string, pattern: RegExp): Promise<boolean> {
  for (const end = performance.now() + patienceMs; performance.now() < end; await delay(20))
    if (pattern.test(output())) return true
  return false
}
