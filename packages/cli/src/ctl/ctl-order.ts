/** What `tunicorn ctl` is asked to do, and the command line that says so. */
import type { StopMode } from '@tunicorn/arbiter'
import { maxScaled, TunicornError } from '@tunicorn/arbiter/internal'
import { Command, CommanderError } from 'commander'

/** `control`: path of the socket of the server that is meant; absent: the only one there is. */
export type CtlOrder = { readonly control: string | undefined } & (
  | { readonly type: 'status'; readonly isJson: boolean; readonly group: string | undefined }
  | { readonly type: 'reload'; readonly isAwaited: boolean }
  | ScaleOrder
  | { readonly type: 'stop'; readonly isAwaited: boolean; readonly mode: StopMode }
  | { readonly type: 'metrics' }
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
    const what = cause.message.replace(/^error: /, '').replaceAll('\n', ' ')
    throw new TunicornError('CONFIG_INVALID', `\`tunicorn ctl\`: ${what}`, { cause })
  }
  if (!parsed) throw new TunicornError('CONFIG_INVALID', '`tunicorn ctl`: a command is missing')
  return { type: 'order', order: parsed }
}

interface CtlOptions {
  readonly control?: string
  readonly group?: string
  readonly json?: boolean
  readonly wait?: boolean
  readonly mode?: string
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
  return ctl
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
