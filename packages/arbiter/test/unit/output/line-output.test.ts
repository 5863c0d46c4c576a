import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  truncateSync,
} from 'node:fs'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { LineOutput } from '../../../src/output/line-output.js'
import {
  type OutputTarget,
  openDescriptor,
  openFile,
  openFileLater,
} from '../../../src/output/output-target.js'

class Heard {
  readonly failures: string[] = []
  readonly recoveries: number[] = []

  failed(error: Error): void {
    this.failures.push(error.message)
  }

  recovered(dropped: number): void {
    this.recoveries.push(dropped)
  }
}

/** A named pipe, with an end to read from. */
class Pipe implements Disposable {
  readonly path: string
  readonly #fd: number

  constructor(path: string) {
    execFileSync('mkfifo', [path])
    this.path = path
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  }

  /** What is in it now. */
  read(): string {
    const part = Buffer.alloc(1_048_576)
    let text = ''
    for (;;) {
      const count = this.#readOnce(part)
      if (count === 0) return text
      text += part.toString('utf8', 0, count)
    }
  }

  #readOnce(part: Buffer): number {
    try {
      return readSync(this.#fd, part)
    } catch {
      // Nothing in it.
      return 0
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }
}

/** Longer than anything here takes. */
const waitMs = 10_000

const numbered = (from: number, to: number, width = 100): string =>
  Array.from({ length: to - from }, (_, index) => `${String(from + index).padEnd(width, '.')}\n`).join('')

describe('a file', () => {
  test('gets lines of several writers at its end', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/log`
    const [one, other] = [openFile(path), openFile(path)].map(target => new LineOutput(target, new Heard()))
    one?.write('a\n')
    other?.write('b\nc\n')
    one?.write('d\n')
    await Promise.all([one, other].map(output => output?.settled(waitMs)))
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    // Each writer's in their order; nothing says which writer is first.
    expect(lines.filter(line => 'ad'.includes(line))).toEqual(['a', 'd'])
    expect(lines.filter(line => 'bc'.includes(line))).toEqual(['b', 'c'])
    expect(lines).toHaveLength(4)
  })

  test('that was moved away gets nothing any more once it is replaced', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/log`
    const output = new LineOutput(openFile(path), new Heard())
    output.write('old\n')
    renameSync(path, `${path}.1`)
    output.write('still old\n')
    const reopened = output.reopen(() => openFileLater(path))
    output.write('new\n')
    await reopened
    await output.settled(waitMs)
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('old\nstill old\n')
    expect(readFileSync(path, 'utf8')).toBe('new\n')
  })
})

describe('a device without room', () => {
  test('costs the lines, says so once, and tells how many when there is room again', async () => {
    await using directory = await temporaryDirectory()
    const heard = new Heard()
    const output = new LineOutput(openFile('/dev/full'), heard)
    for (let count = 0; count < 3; count += 1) output.write('a\nb\n')
    expect(heard.failures).toEqual([expect.stringContaining('ENOSPC')])
    expect(heard.recoveries).toEqual([])
    await output.reopen(() => openFileLater(`${directory.path}/log`))
    output.write('c\n')
    await output.settled(waitMs)
    expect(heard.recoveries).toEqual([6])
    expect(readFileSync(`${directory.path}/log`, 'utf8')).toBe('c\n')
  })

  test('leaves a count for the end of the process', () => {
    const output = new LineOutput(openFile('/dev/full'), new Heard())
    output.write('a\nb\n')
    expect(output.finish(0)).toBe(2)
  })
})

/**
 * A target that is taken for a file and makes its writer wait, as a disk does that hangs: a named pipe, full, with a reader
 * that reads when it is told to.
 */
class HangingDisk implements Disposable {
  readonly pipe: Pipe
  readonly target: OutputTarget

  constructor(path: string) {
    this.pipe = new Pipe(path)
    const fd = openSync(path, constants.O_WRONLY)
    this.target = { fd, isPipe: false, isFile: true, close: () => closeSync(fd) }
  }

  /** The disk works again. */
  async readUntil(isEnough: (text: string) => boolean): Promise<string> {
    let text = ''
    while (!isEnough(text)) {
      text += this.pipe.read()
      await new Promise(resolve => setImmediate(resolve))
    }
    return text
  }

  [Symbol.dispose](): void {
    this.pipe[Symbol.dispose]()
  }
}

describe('a disk that hangs', () => {
  test('is not waited for, and gets everything in order when it works again', async () => {
    await using directory = await temporaryDirectory()
    using disk = new HangingDisk(`${directory.path}/disk`)
    const heard = new Heard()
    const output = new LineOutput(disk.target, heard)
    for (let count = 0; count < 50; count += 1) output.write(numbered(count * 100, count * 100 + 100))
    await output.settled(50)
    const text = await disk.readUntil(({ length }) => length >= 5_000 * 101)
    await output.close(waitMs)
    expect(text).toBe(numbered(0, 5_000))
    expect(heard).toEqual(new Heard())
  })

  test('costs lines, not memory, and tells how many when it works again', async () => {
    await using directory = await temporaryDirectory()
    using disk = new HangingDisk(`${directory.path}/disk`)
    const heard = new Heard()
    const output = new LineOutput(disk.target, heard)
    for (let count = 0; count < 300; count += 1) output.write(numbered(count * 100, count * 100 + 100))
    expect(heard.failures).toEqual(['its disk does not keep up'])
    const text = await disk.readUntil(() => heard.recoveries.length > 0)
    const lines = `${text}${disk.pipe.read()}`.split('\n').slice(0, -1)
    expect(lines.map(line => `${line}\n`).join('')).toBe(numbered(0, lines.length))
    expect(lines.length * 101).toBeLessThanOrEqual(1_048_576)
    expect(heard.recoveries).toEqual([30_000 - lines.length])
    await output.close(waitMs)
  })

  test('keeps neither the end of the process nor a rotation to another disk waiting', async () => {
    await using directory = await temporaryDirectory()
    using disk = new HangingDisk(`${directory.path}/disk`)
    const output = new LineOutput(disk.target, new Heard())
    output.write(numbered(0, 1_000))
    output.write('behind it\n')
    await output.settled(20)
    expect(output.finish(0)).toBe(1_001)
    const reopened = output.reopen(() => openFileLater(`${directory.path}/log`))
    output.write('after it\n')
    await reopened
    await output.close(waitMs)
    expect(readFileSync(`${directory.path}/log`, 'utf8')).toBe('behind it\nafter it\n')
    // What was under way still goes, whole, to where it was meant to.
    const text = await disk.readUntil(({ length }) => length >= 1_000 * 101)
    expect(text).toBe(numbered(0, 1_000))
  })
})

/** A file system of a few pages, or `undefined` where this process may not mount one. */
function tinyDisk(path: string): Disposable | undefined {
  mkdirSync(path)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8k', 'none', path]).status !== 0) return undefined
  // Another test's process that is being started may still hold a file of it.
  return { [Symbol.dispose]: () => execFileSync('umount', ['--lazy', path]) }
}

test('a line that a full disk has torn does not swallow the next one', async () => {
  await using directory = await temporaryDirectory()
  const disk = `${directory.path}/disk`
  using mounted = tinyDisk(disk)
  if (!mounted)
    return console.log('no right to mount: a disk that fills up in the middle of a line is not tested')
  const output = new LineOutput(openFile(`${disk}/log`), new Heard())
  output.write(numbered(0, 100))
  await output.settled(waitMs)
  const torn = readFileSync(`${disk}/log`, 'utf8')
  truncateSync(`${disk}/log`, 4_050)
  output.write('whole\n')
  await output.close(waitMs)
  expect(torn).toHaveLength(8_192)
  expect(readFileSync(`${disk}/log`, 'utf8')).toBe(`${torn.slice(0, 4_050)}\nwhole\n`)
})

describe('a slow reader', () => {
  test('is not waited for, and gets everything in order when it reads again', async () => {
    await using directory = await temporaryDirectory()
    using pipe = new Pipe(`${directory.path}/pipe`)
    const heard = new Heard()
    const output = new LineOutput(openFile(pipe.path), heard)
    // Several times what a pipe holds.
    for (let count = 0; count < 30; count += 1) output.write(numbered(count * 100, count * 100 + 100))
    let text = ''
    while (text.length < 3_000 * 101) {
      text += pipe.read()
      output.finish(0)
    }
    expect(text).toBe(numbered(0, 3_000))
    expect(heard).toEqual(new Heard())
  })

  test('costs lines, not memory, when it never reads', async () => {
    await using directory = await temporaryDirectory()
    using pipe = new Pipe(`${directory.path}/pipe`)
    const heard = new Heard()
    const output = new LineOutput(openFile(pipe.path), heard)
    for (let count = 0; count < 300; count += 1) output.write(numbered(count * 100, count * 100 + 100))
    expect(heard.failures).toEqual(['its reader is too slow'])
    let text = pipe.read()
    while (output.finish(0) > 0 && heard.recoveries.length === 0) text += pipe.read()
    text += pipe.read()
    const lines = text.split('\n').slice(0, -1)
    // What has arrived is the beginning, without a gap and without a torn line.
    expect(text).toBe(numbered(0, lines.length))
    expect(heard.recoveries).toEqual([30_000 - lines.length])
  })

  test('that is gone costs the lines and nothing else', async () => {
    await using directory = await temporaryDirectory()
    const pipe = new Pipe(`${directory.path}/pipe`)
    const heard = new Heard()
    const output = new LineOutput(openFile(pipe.path), heard)
    pipe[Symbol.dispose]()
    output.write('a\n')
    output.write('b\n')
    expect(heard.failures).toEqual([expect.stringContaining('EPIPE')])
  })
})

test('a named pipe that nobody reads is refused at once', async () => {
  await using directory = await temporaryDirectory()
  const path = `${directory.path}/pipe`
  execFileSync('mkfifo', [path])
  expect(() => openFile(path)).toThrow('ENXIO')
})

test('a pipe gets pieces of whole lines that the kernel keeps together', async () => {
  await using directory = await temporaryDirectory()
  using pipe = new Pipe(`${directory.path}/pipe`)
  const outputs = ['a', 'b', 'c'].map(name => ({
    name,
    output: new LineOutput(openFile(pipe.path), new Heard()),
  }))
  // More than one piece each, while the pipe is nearly full and is emptied bit by bit.
  for (const { name, output } of outputs) output.write(`${name.repeat(997)}\n`.repeat(50))
  let text = ''
  while (text.length < 3 * 50 * 998) {
    text += pipe.read()
    for (const { output } of outputs) output.finish(0)
  }
  for (const line of text.split('\n').slice(0, -1)) expect(line).toMatch(/^(a{997}|b{997}|c{997})$/)
})

test('a descriptor that others share stays as it was', async () => {
  await using directory = await temporaryDirectory()
  using pipe = new Pipe(`${directory.path}/pipe`)
  const shared = openSync(pipe.path, constants.O_WRONLY)
  const flagsBefore = flagsOf(shared)
  const output = new LineOutput(openDescriptor(shared), new Heard())
  output.write('line\n')
  expect(pipe.read()).toBe('line\n')
  expect(flagsOf(shared)).toBe(flagsBefore)
  closeSync(shared)
})

function flagsOf(fd: number): string | undefined {
  return /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1]
}

describe('a reopening', () => {
  test('splits the lines at the call, however long the opening takes', async () => {
    await using directory = await temporaryDirectory()
    const [old, renewed] = [`${directory.path}/old`, `${directory.path}/new`]
    const output = new LineOutput(openFile(old), new Heard())
    let resolve: (target: OutputTarget) => void = () => {}
    const promise = new Promise<OutputTarget>(settle => {
      resolve = settle
    })
    output.write('before\n')
    const reopened = output.reopen(() => promise)
    output.write('after\n')
    resolve(await openFileLater(renewed))
    await reopened
    await output.close(waitMs)
    expect(readFileSync(old, 'utf8')).toBe('before\n')
    expect(readFileSync(renewed, 'utf8')).toBe('after\n')
  })

  test('that fails costs no line', async () => {
    await using directory = await temporaryDirectory()
    const path = `${directory.path}/log`
    const output = new LineOutput(openFile(path), new Heard())
    output.write('before\n')
    const reopened = output.reopen(() => openFileLater(`${directory.path}/gone/log`))
    output.write('after\n')
    await expect(reopened).rejects.toThrow('ENOENT')
    await output.close(waitMs)
    expect(readFileSync(path, 'utf8')).toBe('before\nafter\n')
  })

  test('again before the first has ended leads to the last target', async () => {
    await using directory = await temporaryDirectory()
    const paths = ['one', 'two', 'three'].map(name => `${directory.path}/${name}`)
    const [one = '', two = '', three = ''] = paths
    const output = new LineOutput(openFile(one), new Heard())
    output.write('first\n')
    const reopened = [two, three].map(path => output.reopen(() => openFileLater(path)))
    output.write('second\n')
    await Promise.all(reopened)
    await output.close(waitMs)
    expect(paths.map(path => readFileSync(path, 'utf8'))).toEqual(['first\n', '', 'second\n'])
  })
})
