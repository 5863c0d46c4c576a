import { type RunningProcess, survivors } from '@tunicorn/harness'
import { expect } from 'vitest'

/** A start that fails: the exit code, one message for people on standard error, and no process left. */
export async function expectOneMessage(
  running: RunningProcess,
  code: number,
  message: RegExp,
): Promise<void> {
  await running.waitForOutput(/^tunicorn: /m, 10_000)
  // With `closed`, every worker process is gone as well.
  expect(await running.closed, running.output).toEqual({ code, signal: null })
  const messages = running.output.match(/^tunicorn: .*(\n {2}.*)*/gm) ?? []
  expect(messages, running.output).toHaveLength(1)
  expect(messages[0]).toMatch(message)
  expect(messages[0]).not.toContain('    at ')
  expect(await survivors(running)).toEqual([])
}
