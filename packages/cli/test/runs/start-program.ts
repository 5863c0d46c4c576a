/** A server that is stopped at a random moment of its start, or soon after. */
import { readdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { survivors, temporaryDirectory } from '@tunicorn/harness'
import { expect } from 'vitest'
import { start, whenServing } from '../supervision/server.js'
import type { RandomChoice } from './random-choice.js'
import type { ProgramServer } from './signal-program.js'

const startsPerProgram = 10

/** Returns what happened, as text. */
export async function startProgram(
  { workerClass, args }: ProgramServer,
  choice: RandomChoice,
): Promise<string> {
  await using directory = await temporaryDirectory()
  const options = {
    workerClass,
    bind: `unix:${directory.path}/app.sock`,
    args: [...args, '--pid', `${directory.path}/pid`],
  }
  const startedAt = performance.now()
  await using first = await whenServing(await start(options))
  const usualMs = performance.now() - startedAt
  expect(await first.stop()).toEqual({ code: 0, signal: null })
  const ends: string[] = []
  for (let count = 0; count < startsPerProgram; count += 1) {
    await using server = await start(options)
    await delay(choice.below(usualMs * 1.2))
    const name = choice.of(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
    const exit = await server.stop(name, 40_000)
    // Before it has begun to handle signals, the system does what it does with a process that handles none.
    const isEarly = server.output === '' && exit.signal === name
    if (!isEarly) expect(exit, server.output).toEqual({ code: 0, signal: null })
    expect(await survivors(server), server.output).toEqual([])
    expect(await readdir(directory.path), server.output).toEqual([])
    ends.push(isEarly ? `${name} (early)` : name)
  }
  return `${Math.round(usualMs)} ms until it serves; ${ends.join(' ')}`
}
