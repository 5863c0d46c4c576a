import { describe, expect, it } from 'vitest'
import type { LogFields, Logger } from '../../../src/contract/logger.js'
import { runHook } from '../../../src/hooks/run-hook.js'

function recordingLog(): { readonly log: Logger; readonly errors: readonly string[] } {
  const errors: string[] = []
  const ignore = (): void => {}
  const error = (message: string, fields?: LogFields): void =>
    void errors.push(`${message}: ${String(fields?.error)}`)
  return { log: { debug: ignore, info: ignore, warn: ignore, error }, errors }
}

describe('runHook', () => {
  it('waits for what a hook returns', async () => {
    const { log, errors } = recordingLog()
    let isDone = false
    const run = async (): Promise<void> => {
      await new Promise(resolve => setImmediate(resolve))
      isDone = true
    }
    await runHook({ name: 'onExit', run, log })
    expect(isDone).toBe(true)
    expect(errors).toEqual([])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('thrown')
      },
    ],
    ['rejects', () => Promise.reject(new Error('thrown'))],
  ])('logs the error of a hook that %s, and goes on', async (_how, run) => {
    const { log, errors } = recordingLog()
    await runHook({ name: 'childExit', run, log })
    expect(errors).toEqual(['The hook `childExit` failed: Error: thrown'])
  })

  it('goes on when a hook takes too long', async () => {
    const { log, errors } = recordingLog()
    await runHook({ name: 'onExit', run: () => new Promise(() => {}), log, limitMs: 20 })
    expect(errors).toEqual(['The hook `onExit` failed: Error: The hook `onExit` took longer than 0.02 s'])
  })
})
