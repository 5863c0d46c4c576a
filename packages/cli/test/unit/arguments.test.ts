import { expect, test } from 'vitest'
import { parseArguments, parseEnvironmentFlags } from '../../src/arguments.js'

test('the app is the argument, wherever it stands', () => {
  for (const args of [
    ['./app.js', '-w', '2'],
    ['-w', '2', './app.js'],
    ['-w', '2', '--', './app.js'],
  ]) {
    const { action, flags } = parseArguments(args)
    expect(action).toBe('run')
    expect(flags.values).toEqual({ app: ['./app.js'], workers: ['2'] })
    expect([flags.unknown, flags.excess]).toEqual([[], []])
  }
})

test('texts are kept as typed, each time that a flag is given', () => {
  const { flags } = parseArguments([
    '-b',
    ':1',
    '--bind=:2',
    '-w2',
    '--workers',
    '-1',
    '-e',
    'A=B=C',
    '-c',
    'x.ts',
  ])
  expect(flags.values).toEqual({ bind: [':1', ':2'], workers: ['2', '-1'], env: ['A=B=C'] })
  expect(flags.config).toBe('x.ts')
})

test('a switch takes no value, neither from the command line nor from the environment', () => {
  const values = { app: ['./app.js'], reload: ['true'] }
  expect(parseArguments(['--reload', './app.js']).flags.values).toEqual(values)
  expect(parseEnvironmentFlags(['--reload', './app.js']).values).toEqual(values)
  expect(parseArguments(['./app.js']).flags.values).toEqual({ app: ['./app.js'] })
})

test('a flag whose value may be left out takes it behind `=` alone', () => {
  const app = ['./app.js']
  const values = (...args: readonly string[]): unknown => parseArguments(args).flags.values
  expect(values('--inspect', './app.js')).toEqual({ app, inspect: [''] })
  expect(values('./app.js', '--inspect-brk')).toEqual({ app, inspectBrk: [''] })
  expect(values('--inspect=9230', './app.js')).toEqual({ app, inspect: ['9230'] })
  expect(values('-w', '2', '--inspect', '-t', '3', './app.js')).toMatchObject({ app, inspect: [''] })
  expect(values('--node-option', '--inspect', './app.js')).toEqual({ app, nodeOptions: ['--inspect'] })
  expect(parseEnvironmentFlags(['--inspect', './app.js']).values).toEqual({ app, inspect: [''] })
})

test('flags whose names differ from their settings reach them', () => {
  const { flags } = parseArguments(['--pid', 'p', '--name', 'n', '--error-logfile', 'l', '-o', 'k=v'])
  expect(flags.values).toEqual({ pidfile: ['p'], procName: ['n'], errorLog: ['l'], workerOptions: ['k=v'] })
})

test('unknown flags are collected, and known ones behind them are still read', () => {
  const { flags } = parseArguments(['--worker', '2', './app.js', '--bnd=:1', '-w', '3'])
  expect(flags.unknown).toEqual(['--worker', '--bnd=:1'])
  expect(flags.values).toEqual({ workers: ['3'] })
})

test('arguments beyond the app are collected', () => {
  expect(parseArguments(['a.js', 'b.js', 'c.js']).flags.excess).toEqual(['b.js', 'c.js'])
})

test('a command line that asks for help gets help', () => {
  expect(parseArguments(['--check-config', '--version', '-h']).action).toBe('help')
  expect(parseArguments(['--check-config', '-v']).action).toBe('version')
  expect(parseArguments(['--check-config', '--print-config']).action).toBe('print-config')
  expect(parseArguments(['--check-config']).action).toBe('check-config')
})

test('a flag without its value is an error that names it', () => {
  expect(() => parseArguments(['--timeout'])).toThrow('The flag `-t, --timeout <SECONDS>` needs a value')
  expect(() => parseArguments(['--timeout'])).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
})

test('TUNICORN_CMD_ARGS holds settings and the config file, and nothing that ends the command', () => {
  const flags = parseEnvironmentFlags(['-w', '2', '-c', 'x.ts', 'app.js', '--print-config', '--help'])
  expect(flags).toMatchObject({ values: { workers: ['2'], app: ['app.js'] }, config: 'x.ts' })
  expect(flags.unknown).toEqual(['--print-config', '--help'])
})
