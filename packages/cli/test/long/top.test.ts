/** `tunicorn top` on a real terminal, before a real server. */
import { readdir } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'
import {
  type RunningProcess,
  startInTerminal,
  type TerminalStep,
  testNode,
  tunicornMain,
} from '@tunicorn/harness'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, runToEnd } from '../integration/project.js'
import { type Rig, rig } from '../integration/rig.js'

/** What a terminal is told when it is given back: the cursor, and the screen that was there before. */
const givenBack = '\u001b[?25h\u001b[?1049l'

describe('`tunicorn top`', () => {
  let bench: Rig
  let server: RunningProcess

  beforeAll(async () => {
    bench = await rig()
    server = await bench.serve('-w', '2')
  })
  afterAll(() => bench?.[Symbol.asyncDispose]())

  /** In a shell that says how it has ended, and how the terminal is afterwards. */
  const topInShell = (steps: readonly TerminalStep[]): Promise<RunningProcess> =>
    startInTerminal(['sh', '-c', '"$@"; echo "code $?"; stty -a', 'sh', testNode(), tunicornMain, 'top'], {
      cwd: bench.project.path,
      env: bench.env,
      steps,
    })

  const expectLeft = async (terminal: RunningProcess): Promise<void> => {
    expect(await terminal.closed, terminal.output).toEqual({ code: 0, signal: null })
    const [, said = ''] = terminal.output.split(givenBack)
    expect(said).toMatch(/^code 0\r\n/)
    expect(said).toMatch(/ icanon /)
    expect(said).toMatch(/ echo /)
  }

  it('shows the workers and takes orders, and q gives the terminal back', async () => {
    await using terminal = await topInShell([
      ['2/2 serving', 'r'],
      ['y/n', 'y'],
      ['Reload done', '+'],
      ['default is to have 3 workers (before: 2)', 's'],
      ['any other key: back', ' '],
      ['3/3 serving', 'p'],
      ['Profiling worker', 'q'],
    ])
    await expectLeft(terminal)
    const [group] = (await bench.status()).groups
    expect(group).toMatchObject({ target: 3 })
    const shown = stripVTControlCharacters(terminal.output)
    expect(shown).toMatch(/WORKER +SLOT +PID +STATE +IN FLIGHT +REQ\/S +MEMORY +LOOP/)
    for (const { age, slot, pid, generation } of group?.workers ?? []) {
      expect(generation).toBe(1)
      expect(shown).toMatch(new RegExp(`^(?:> |  ) +${age} +${slot} +${pid} .*serving`, 'm'))
    }
    expect(shown).toMatch(/worker \d+ \(pid \d+\) (?:waits|runs|is in)/)
    // A profile that nobody waited for leaves no file.
    expect((await readdir(bench.project.path)).filter(name => name.endsWith('.cpuprofile'))).toEqual([])
  })

  it('gives the terminal back after Ctrl-C, and the server goes on', async () => {
    await using terminal = await topInShell([['serving', '\u0003']])
    await expectLeft(terminal)
    expect((await bench.status()).arbiter.state).toBe('serving')
  })

  it('gives the terminal back when it is ended by a signal', async () => {
    await using terminal = await startInTerminal(
      ['sh', '-c', 'echo "pid $$"; exec "$@"', 'sh', testNode(), tunicornMain, 'top'],
      { cwd: bench.project.path, env: bench.env },
    )
    await terminal.waitForOutput(/serving/)
    const [, pid] = await terminal.waitForOutput(/pid (\d+)\r\n/)
    process.kill(Number(pid), 'SIGTERM')
    expect(await terminal.closed, terminal.output).toEqual({ code: 143, signal: null })
    expect(terminal.output.endsWith(givenBack)).toBe(true)
  })

  it('ends with 1 and a message when the server has gone', async () => {
    await using terminal = await startInTerminal([testNode(), tunicornMain, 'top'], {
      cwd: bench.project.path,
      env: bench.env,
    })
    await terminal.waitForOutput(/serving/)
    await server.stop('SIGKILL')
    expect(await terminal.closed, terminal.output).toEqual({ code: 1, signal: null })
    const [, said] = terminal.output.split(givenBack)
    expect(said).toMatch(
      new RegExp(`^\\S*tunicorn:\\S* The server with the pid ${server.pid} has ended\\r\\n$`),
    )
  })
})

it('without a terminal `tunicorn top` says what there is instead', async () => {
  await using project = await createProject()
  expect(await runToEnd(project, ['top'])).toEqual({
    code: 1,
    output:
      'tunicorn: `tunicorn top` needs a terminal. For a pipe or a file there is `tunicorn ctl status`\n',
  })
})
