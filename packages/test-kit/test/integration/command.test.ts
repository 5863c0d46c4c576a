/** `npx @tunicorn/test-kit MODULE`: the suite without a test runner. */
import { fileURLToPath } from 'node:url'
import { startProcess, testNode } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { knownBad } from '../support/known-bad.js'

const command = fileURLToPath(new URL('../../bin/tunicorn-test-kit.js', import.meta.url))
const eventLoop = fileURLToPath(import.meta.resolve('@tunicorn/worker-event-loop'))

async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  await using running = await startProcess(testNode(), [command, ...args], { cwd: knownBad })
  const { code } = await running.exited
  return { code, output: running.output }
}

describe.concurrent('the command', () => {
  test('prints each clause with its time, and that the class conforms', async () => {
    const { code, output } = await run(eventLoop)
    expect(output.match(/^ok WC-\d+.* \(\d+\.\d\d s\)$/gm), output).toHaveLength(39)
    expect(output).toContain('event-loop conforms to WorkerClass contract 1 (39 clauses, 0 as refusals)')
    expect(code).toBe(0)
  })

  test('says of a failure what was seen, what was expected and where to look', async () => {
    const { code, output } = await run('./wc-404.mjs', '--only', 'WC-404', '--only', 'WC-101')
    expect(output).toMatch(/^ok WC-101.*\nFAILED WC-404: .* s\)\n.* 1 of 2 clauses failed$/m)
    expect(output).toMatch(/^ +WC-404 expects: `stats` gives figures/m)
    expect(output).toMatch(
      /^ +Seen: a worker in this process: `boot` was called last; its clients: 0; requests begun: 0,/m,
    )
    expect(output).toMatch(/^ +Look at: `Worker\.stats`$/m)
    expect(code).toBe(1)
  })

  test.each([
    [['./options.mjs'], /^test-kit: \.\/options\.mjs exports no worker class: .*\. See --help$/m],
    [[], /^test-kit: Expected one module, got 0\. See --help$/m],
    [
      ['./wc-404.mjs', '--only', 'WC-999'],
      /`only` names WC-999, which is not a clause for this worker class/,
    ],
    [['a.mjs', '--options', 'x'], /Expected `--options` to be JSON, got `x`/],
    [['a.mjs', '--patience', '-1'], /patience/],
    [['a.mjs', '--nope'], /nope/],
    [['a.mjs'], /Cannot find module/],
  ])('refuses %j and says why', async (args, message) => {
    const { code, output } = await run(...args)
    expect(output).toMatch(message)
    expect(code).toBe(1)
  })

  test('prints its help and its version', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Usage: npx @tunicorn\/test-kit MODULE/),
    })
    expect(await run('-v')).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/) })
  })
})
