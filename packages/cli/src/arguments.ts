/** Splits a command line into an action and the flags of settings. Values are checked later, together with all others. */
import {
  defaultText,
  type Flags,
  type SettingName,
  type SettingRecord,
  settingSections,
  TunicornError,
} from '@tunicorn/arbiter/internal'
import { Command, CommanderError, Option } from 'commander'

/** What the command is asked to do. */
type Action = 'run' | 'check-config' | 'print-config' | 'version' | 'help'

/** A command line, split into its parts. */
export interface ParsedArguments {
  readonly action: Action
  readonly flags: Flags
  /** Makes the text of `--help`. */
  readonly help: () => string
}

/** @throws TunicornError `CONFIG_INVALID` when a flag that needs a value has none */
export function parseArguments(args: readonly string[]): ParsedArguments {
  const definition = defineCommand()
  const { command } = definition
  const actions = actionOptions()
  for (const { option } of actions) command.addOption(option)
  const flags = readFlags(definition, args, '')
  const chosen = actions.find(({ option }) => command.getOptionValue(option.attributeName()) === true)
  return { action: chosen?.action ?? 'run', flags, help: () => command.helpInformation() }
}

/**
 * The flags in `TUNICORN_CMD_ARGS`: those of settings and the config file, but none that asks for another action.
 *
 * @throws TunicornError `CONFIG_INVALID` when a flag that needs a value has none
 */
export function parseEnvironmentFlags(args: readonly string[]): Flags {
  return readFlags(defineCommand(), args, ' in TUNICORN_CMD_ARGS')
}

interface CommandDefinition {
  readonly command: Command
  readonly options: ReadonlyMap<SettingName, Option>
}

function defineCommand(): CommandDefinition {
  const options = new Map<SettingName, Option>()
  const command = new Command('tunicorn')
    .usage(
      '[options] <app>\n       tunicorn ctl <command> [options]\n       tunicorn top [options]\n       tunicorn classes [--json]\n       tunicorn import <file>',
    )
    .description('A pre-fork application server for Node.js with pluggable worker classes.')
    .argument('[app]', 'path or package, then optional ":export"; may be in the config file instead')
    .helpOption(false)
    .allowUnknownOption()
    .exitOverride()
    .configureOutput({ writeErr: () => {}, getOutHelpWidth: () => 80 })
    .addOption(configOption())
  for (const { title, records } of settingSections)
    for (const record of records) {
      if (record.flag === undefined) continue
      const option = settingOption(record, record.flag).helpGroup(`${title}:`)
      options.set(record.name, option)
      command.addOption(option)
    }
  return { command, options }
}

function configOption(): Option {
  const description = 'config file (default: tunicorn.config.{ts,mts,js,mjs,json})'
  return new Option('-c, --config <FILE>', description).helpGroup('Configuration:')
}

/** The first one given wins, so a command line that asks for help gets help. */
function actionOptions(): readonly { readonly action: Action; readonly option: Option }[] {
  const config = 'Configuration:'
  return [
    { action: 'help', option: new Option('-h, --help', 'print this help').helpGroup('Help:') },
    { action: 'version', option: new Option('-v, --version', 'print the version').helpGroup('Help:') },
    {
      action: 'print-config',
      option: new Option('--print-config', 'print every setting and its source, then exit').helpGroup(config),
    },
    {
      action: 'check-config',
      option: new Option('--check-config', 'load configuration and app, say what is wrong, exit').helpGroup(
        config,
      ),
    },
  ]
}

function settingOption(record: SettingRecord, flag: NonNullable<SettingRecord['flag']>): Option {
  const names = flag.short === undefined ? flag.long : `${flag.short}, ${flag.long}`
  const fallback = [
    record.variable === undefined ? [] : `$${record.variable.name}`,
    defaultText(record),
  ].flat()
  const notes = [
    ...(fallback.join() === 'none' ? [] : [`default: ${fallback.join(' or ')}`]),
    ...(flag.repeatable ? ['repeatable'] : []),
  ]
  const description = notes.length === 0 ? record.summary : `${record.summary} (${notes.join('; ')})`
  if (flag.metavar === undefined) return new Option(names, description)
  if (!flag.isValueOptional) return new Option(`${names} <${flag.metavar}>`, description).argParser(collect)
  const option = new Option(`${names} [VALUE]`, description).argParser(collect)
  // For the help: the value may only follow `=`.
  option.flags = `${names}[=${flag.metavar}]`
  return option
}

/** Collects the text of each occurrence of a flag. The setting knows how to interpret it. */
function collect(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), text]
}

function readFlags({ command, options }: CommandDefinition, args: readonly string[], place: string): Flags {
  const { operands, unknown } = splitArguments(command, args, place)
  const ofSettings = new Set(options.values())
  const given: Readonly<Record<string, unknown>> = command.opts()
  const values = new Map<SettingName, readonly string[]>()
  for (const [name, option] of options) {
    const texts = given[option.attributeName()]
    if (Array.isArray(texts)) values.set(name, texts.map(String))
    else if (texts === true) values.set(name, ['true'])
  }
  const [app, ...excess] = operands
  if (app !== undefined) values.set('app', [app])
  return {
    values: Object.fromEntries(values),
    config: typeof given.config === 'string' ? given.config : undefined,
    // An unknown flag is followed by its values and by arguments, which cannot be told apart.
    unknown: unknown.filter(text => text.startsWith('-')),
    excess,
    otherFlags: command.options
      .filter(option => !ofSettings.has(option))
      .flatMap(option => option.long ?? []),
  }
}

/**
 * If the value of a flag is optional, it must follow `=`. Otherwise the parser would read the app that follows as the value. An
 * empty value means that there is none.
 */
function withEmptyValues({ options }: Command, args: readonly string[]): string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length
  const isValueOf = (before = ''): boolean =>
    options.some(({ required, long, short }) => required && [long, short].includes(before))
  const isBare = (text: string, index: number): boolean =>
    index < end &&
    // A metavar may contain brackets too.
    options.some(({ optional, required, long }) => optional && !required && long === text) &&
    !isValueOf(args[index - 1])
  return args.map((text, index) => (isBare(text, index) ? `${text}=` : text))
}

function splitArguments(
  command: Command,
  args: readonly string[],
  place: string,
): { readonly operands: readonly string[]; readonly unknown: readonly string[] } {
  try {
    return command.parseOptions(withEmptyValues(command, args))
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause
    const flag = /'(.+)'/.exec(cause.message)?.[1] ?? args.at(-1)
    throw new TunicornError('CONFIG_INVALID', `The flag \`${flag}\`${place} needs a value`, { cause })
  }
}
