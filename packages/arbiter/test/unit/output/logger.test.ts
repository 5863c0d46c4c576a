import { readFile } from 'node:fs/promises'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, test } from 'vitest'
import { textFormat } from '../../../src/output/log-text.js'
import { type ArbiterLog, createLog, type LogOptions } from '../../../src/output/logger.js'

/** What the log writes to a file. */
async function written(format: LogOptions['format'], write: (log: ArbiterLog) => void): Promise<string> {
  await using directory = await temporaryDirectory()
  const file = `${directory.path}/log`
  const log = createLog({ level: 'info', format, file })
  write(log)
  await log.close()
  return readFile(file, 'utf8')
}

const time = String.raw`\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d{4}\]`

describe('text', () => {
  test('is a line with time, level, message and fields', async () => {
    const text = await written('text', log =>
      log.warn('It is so', { worker: 3, gen: 2, pid: 412, why: 'a b' }),
    )
    expect(text).toMatch(new RegExp(`^${time} WARN: It is so worker=3 gen=2 pid=412 why="a b"\n$`))
  })

  test('has an error below the line, with its causes, indented', async () => {
    const error = new Error('outer', { cause: new Error('inner') })
    const [line, first, ...rest] = (await written('text', log => log.error('It failed', { error }))).split(
      '\n',
    )
    expect(line).toMatch(/ERROR: It failed$/)
    expect(first).toBe('    Error: outer')
    expect(rest.join('\n')).toContain('[cause]: Error: inner')
    expect(rest.slice(0, -1).every(text => text.startsWith('    '))).toBe(true)
  })

  test('cannot be forged by a message, a name, a value or an error', async () => {
    const forged = 'x\n[2026-01-01 00:00:00.000 +0000] INFO: forged\r\u001b[2J\u0085\u2028'
    const text = await written('text', log => log.info(forged, { [forged]: 1, value: forged, error: forged }))
    const [line, ...below] = text.split('\n').slice(0, -1)
    expect(line).toMatch(new RegExp(`^${time} INFO: x\\\\n\\[2026-`))
    expect(below.length).toBeGreaterThan(0)
    for (const part of below) expect(part).toMatch(/^ {4}/)
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u2028]/u)
  })

  test('has every field once behind the message, whatever it is called', async () => {
    const fields = { name: 'n', hostname: 'h', caller: 'c', timestamp: 1, stack: 'a\nb', type: 'Error' }
    const text = await written('text', log => log.info('It is so', fields))
    expect(text).toMatch(
      new RegExp(
        `^${time} INFO: It is so name=n hostname=h caller=c timestamp=1 stack="a\\\\nb" type=Error\n$`,
      ),
    )
  })

  test.each([
    ['UTC', '2026-07-01 12:00:00.007 +0000'],
    ['America/St_Johns', '2026-07-01 09:30:00.007 -0230'],
    ['Asia/Kathmandu', '2026-07-01 17:45:00.007 +0545'],
  ])('has local time: %s', (zone, expected) => {
    const { TZ = '' } = process.env
    process.env.TZ = zone
    try {
      const line = '{"level":"info","time":"2026-07-01T12:00:00.007Z","msg":"It is so"}'
      expect(textFormat(false)(line)).toBe(`[${expected}] INFO: It is so\n`)
    } finally {
      if (TZ === '') delete process.env.TZ
      else process.env.TZ = TZ
    }
  })

  test.each([
    ['debug', '\u001b[34mDEBUG\u001b[39m'],
    ['info', '\u001b[32mINFO\u001b[39m'],
    ['warn', '\u001b[33mWARN\u001b[39m'],
    ['error', '\u001b[31mERROR\u001b[39m'],
  ])('has colours on a terminal: %s', (level, label) => {
    const line = `{"level":"${level}","time":"2026-07-01T12:00:00.007Z","a":1,"error":"why","msg":"It is so"}`
    const [, text] = textFormat(true)(line).split('] ')
    expect(text).toBe(`${label}: \u001b[36mIt is so a=1\n    why\u001b[39m\n`)
  })
})

describe('JSON', () => {
  test('is one object a line, with the error as one field', async () => {
    const text = await written('json', log => log.error('It failed', { pid: 412, error: new Error('why') }))
    expect(text.indexOf('\n')).toBe(text.length - 1)
    expect(JSON.parse(text)).toEqual({
      level: 'error',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      pid: 412,
      error: expect.stringMatching(/^Error: why\n {4}at /),
      msg: 'It failed',
    })
  })

  test('says each thing once, whatever the fields are called', async () => {
    const text = await written('json', log =>
      log.info('mine', { level: 'fatal', time: 'never', msg: 'forged' }),
    )
    expect(text.match(/"(level|time|msg)":/g)).toHaveLength(3)
    expect(JSON.parse(text)).toMatchObject({
      level: 'info',
      msg: 'mine',
      level_: 'fatal',
      time_: 'never',
      msg_: 'forged',
    })
  })
})

test('a level below the chosen one is not written', async () => {
  expect(await written('text', log => log.debug('quiet'))).toBe('')
})
