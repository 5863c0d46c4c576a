/** The orders of `tunicorn ctl`, and the parsing of its command line. */
import type { StopMode } from '@tunicorn/arbiter'
import { maxScaled, TunicornError } from '@tunicorn/arbiter/internal'
import { Command, CommanderError } from 'commander'
import { commandProblem } from '../console/plain-command.js'
import type { EventsOrder } from './event-line.js'

/** `control`: path of the control socket of the server. Absent: the only server there is. */
export type CtlOrder = { readonly control: string | undefined } & (
  | { readonly type: 'status'; readonly isJson: boolean; readonly group: string | undefined }
  | { readonly type: 'reload'; readonly isAwaited: boolean }
  | ScaleOrder
  | { readonly type: 'stop'; readonly isAwaited: boolean; readonly mode: StopMode }
  | { readonly type: 'metrics' }
  | EventsOrder
  | ExamineOrder
)

/** `worker`: age or pid. `output`: a file that does not exist. Absent: a name is chosen. */
export type ExamineOrder = { readonly worker: number } & (
  | { readonly type: 'stack' }
  | { readonly type: 'inspect'; readonly port: number; readonly isClosing: boolean }
  | { readonly type: 'profile'; readonly seconds: number; readonly output: string | undefined }
  | { readonly type: 'heap-snapshot'; readonly output: string | undefined }
)

export interface ScaleOrder {
  readonly type: 'scale'
  readonly isAwaited: boolean
  readonly group: string | undefined
  readonly change: { readonly by: number } | { readonly to: number }
}

/** An order, or the help that was asked for. */
export type CtlArguments =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'order'; readonly order: CtlOrder }

/** @throws TunicornError `CONFIG_INVALID` that says what is wrong with the command line */
export function parseCtlArguments(args: readonly string[]): CtlArguments {
  let parsed: CtlOrder | undefined
  let help = ''
  const command = defineCtl(order => {
    parsed = order
  })
  for (const each of [command, ...command.commands])
    each.configureOutput({
      writeErr: () => {},
      writeOut: text => {
        help += text
      },
      getOutHelpWidth: () => 80,
    })
  try {
    command.parse(args.length === 0 ? ['--help'] : [...args], { from: 'user' })
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause
    if (cause.exitCode === 0) return { type: 'help', text: help }
    throw commandProblem(command, cause)
  }
  if (!parsed) throw new TunicornError('CONFIG_INVALID', '`tunicorn ctl`: a command is missing')
  return { type: 'order', order: parsed }
}

interface CtlOptions {
  readonly control?: string
  readonly group?: string
  readonly json?: boolean
  readonly follow?: boolean
  readonly wait?: boolean
  readonly mode?: string
  readonly seconds?: string
  readonly output?: string
  readonly port?: string
  readonly close?: boolean
}

/** Names of the commands of `tunicorn ctl`. */
export function ctlCommands(): readonly string[] {
  return defineCtl(() => {}).commands.map(command => command.name())
}

function defineCtl(give: (order: CtlOrder) => void): Command {
  const ctl = new Command('tunicorn ctl')
    .description('Shows a running server of yours, and tells it what to do.')
    .option('--control <PATH>', 'control socket of the server; needed when several run')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
  const sub = (name: string, description: string): Command =>
    ctl
      .command(name)
      .description(description)
      .helpOption('-h, --help', 'print this help')
      .exitOverride()
      .allowExcessArguments(false)
  const options = (command: Command): CtlOptions => command.optsWithGlobals<CtlOptions>()

  sub('status', 'groups, workers and what they do')
    .option('--json', 'as JSON')
    .option('--group <NAME>', 'one group only')
    .action((_options, command: Command) => {
      const { control, json = false, group } = options(command)
      give({ type: 'status', control, isJson: json, group })
    })
  sub('reload', 'read the configuration again and replace every worker, without losing a request')
    .option('--wait', 'follow it; exit 1 with the reason when the old workers were kept')
    .action((_options, command: Command) => {
      const { control, wait = false } = options(command)
      give({ type: 'reload', control, isAwaited: wait })
    })
  sub('scale', 'change the number of workers of a group: `scale web +1`, `scale web -1`, `scale web 4`')
    .argument('[GROUP]', 'name of the group; not needed when there is one')
    .argument('[N]', '+N more, -N fewer, or the number itself; one worker is always left')
    .option('--group <NAME>', 'the group, in place of the argument')
    .option('--wait', 'until the new number of workers serves')
    .action((first: string | undefined, second: string | undefined, _options, command: Command) => {
      const { control, wait = false, group } = options(command)
      give({ control, ...scaleOrder([first, second], group), isAwaited: wait })
    })
  sub('stop', 'end the server')
    .option('--mode <MODE>', 'graceful: requests finish; quick: they get a second; kill', 'graceful')
    .option('--wait', 'until every worker is gone')
    .action((_options, command: Command) => {
      const { control, wait = false, mode = '' } = options(command)
      give({ type: 'stop', control, isAwaited: wait, mode: stopMode(mode) })
    })
  sub('metrics', 'the metrics, as Prometheus reads them').action((_options, command: Command) => {
    give({ type: 'metrics', control: options(command).control })
  })
  sub('events', 'how workers have ended and the last reload, oldest first')
    .option('--follow', 'then all that happens, until the server has stopped')
    .option('--json', 'each as a line of JSON')
    .action((_options, command: Command) => {
      const { control, follow = false, json = false } = options(command)
      give({ type: 'events', control, isFollowed: follow, isJson: json })
    })
  const worker = ['<WORKER>', 'age or pid, as `status` shows them'] as const
  const output = [
    '--output <FILE>',
    'where to; must not exist. Default: a name with the worker and the time',
  ] as const
  sub('stack', 'what a worker does at this moment, also one that is blocked')
    .argument(...worker)
    .action((text: string, _options, command: Command) => {
      give({ type: 'stack', control: options(command).control, worker: workerNumber('stack', text) })
    })
  sub('inspect', 'open the inspector of a worker for a debugger on this machine')
    .argument(...worker)
    .option('--port <PORT>', 'port of 127.0.0.1; 0 is a free one', '0')
    .option('--close', 'close it again')
    .action((text: string, _options, command: Command) => {
      const { control, port = '', close = false } = options(command)
      const number = workerNumber('inspect', text)
      give({ type: 'inspect', control, worker: number, port: portNumber(port), isClosing: close })
    })
  sub('profile', 'record what a worker uses the processor for, as a .cpuprofile')
    .argument(...worker)
    .option('--seconds <N>', 'for how long, 1 to 300', '10')
    .option(...output)
    .action((text: string, _options, command: Command) => {
      const { control, output, seconds = '' } = options(command)
      const number = workerNumber('profile', text)
      give({ type: 'profile', control, worker: number, seconds: profileSeconds(seconds), output })
    })
  sub(
    'heap-snapshot',
    'write what a worker has in memory, as a .heapsnapshot; it does nothing else meanwhile',
  )
    .argument(...worker)
    .option(...output)
    .action((text: string, _options, command: Command) => {
      const { control, output } = options(command)
      give({ type: 'heap-snapshot', control, worker: workerNumber('heap-snapshot', text), output })
    })
  return ctl
}

function workerNumber(command: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new TunicornError(
    'CONFIG_INVALID',
    `\`tunicorn ctl ${command}\` takes the age or the pid of a worker, got ${JSON.stringify(text)}`,
  )
}

function portNumber(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new TunicornError(
    'CONFIG_INVALID',
    `\`tunicorn ctl inspect\`: --port is from 0 to 65535, got ${JSON.stringify(text)}`,
  )
}

const maxProfileSeconds = 300

function profileSeconds(text: string): number {
  const seconds = Number(text)
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= maxProfileSeconds) return seconds
  throw new TunicornError(
    'CONFIG_INVALID',
    `\`tunicorn ctl profile\`: --seconds is from 1 to ${maxProfileSeconds}, got ${JSON.stringify(text)}`,
  )
}

function scaleOrder(
  given: readonly (string | undefined)[],
  option: string | undefined,
): Pick<ScaleOrder, 'type' | 'group' | 'change'> {
  const texts = given.filter(text => text !== undefined)
  const amount = texts.at(-1) ?? ''
  const names = [...texts.slice(0, -1), ...(option === undefined ? [] : [option])]
  const [, sign, digits] = /^([+-]?)(\d+)$/.exec(amount) ?? []
  if (digits === undefined || names.length > 1)
    throw new TunicornError(
      'CONFIG_INVALID',
      `\`tunicorn ctl scale\` takes a group and +N, -N or N, for example \`scale web +1\`, got ${JSON.stringify(texts.join(' '))}`,
    )
  const workers = Number(digits)
  if (sign === '' && workers === 0)
    throw new TunicornError(
      'CONFIG_INVALID',
      'A group keeps one worker at least. To end the server: `tunicorn ctl stop`',
    )
  if (workers > maxScaled)
    throw new TunicornError(
      'CONFIG_INVALID',
      `\`tunicorn ctl scale\` takes numbers up to ${maxScaled}, got ${amount}`,
    )
  const change = sign === '' ? { to: workers } : { by: sign === '-' ? -workers : workers }
  return { type: 'scale', group: names[0], change }
}

function stopMode(text: string): StopMode {
  if (text === 'graceful' || text === 'quick' || text === 'kill') return text
  throw new TunicornError(
    'CONFIG_INVALID',
    `\`tunicorn ctl stop\`: --mode is graceful, quick or kill, got ${JSON.stringify(text)}`,
  )
}
