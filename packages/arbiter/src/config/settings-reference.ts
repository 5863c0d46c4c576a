/** The reference of all settings, as a document. Generated from the records and notes. A test compares it with the one in `docs`. */
import type { SettingNote } from './notes/setting-note.js'
import { settingNotes } from './notes/setting-notes.js'
import type { SettingRecord } from './setting-record.js'
import { settingSections } from './setting-records.js'

/** The text of `docs/settings.md`. */
export function settingsReference(): string {
  const sections = settingSections.map(
    section => `## ${section.title}\n\n${section.records.map(entryOf).join('\n')}`,
  )
  return `${introduction}\n${sections.join('\n')}`
}

/** The default of a setting, or a description where the value is not clear enough. */
export function defaultText(record: SettingRecord): string {
  if (record.defaultText !== undefined) return record.defaultText
  return Array.isArray(record.default) ? record.default.join(', ') : String(record.default)
}

const introduction = `# Settings

This page is generated from the records and notes of settings in \`packages/arbiter/src/config\`.

A setting is taken from the first of these that gives it: the flags of the command, the flags in the environment variable
\`TUNICORN_CMD_ARGS\`, the config file, the environment variable named below, the defaults of the worker class, the default.
In \`env\` and \`workerOptions\` this holds for each key. \`tunicorn --print-config\` shows every value and where it came from.

The config file is the one named by \`-c, --config FILE\`, else the first of \`tunicorn.config.ts\`, \`.mts\`, \`.js\`, \`.mjs\`,
\`.json\` in the current directory (or in the one given by \`--chdir\`). Its default export is an object of settings, or a
function, async or not, that returns one. Reading it may take 60 s, with everything that it awaits. It is read again on every reload.
JavaScript modules that it imports are not read again, because Node.js keeps them. \`groups\` holds several groups by name, and each
overrides the shared settings. Settings that reach the arbiter cannot be in a group. With several groups, \`app\`, \`bind\` and
\`workerClass\` cannot be given on the command line.

Durations are in seconds; fractions are allowed. Sizes are bytes, or a text such as \`"512mb"\` (1 kb is 1024 bytes).
`

function entryOf(record: SettingRecord): string {
  const note = settingNotes[record.name]
  const lines = [
    `### \`${record.name}\``,
    '',
    `${capitalize(record.summary)}.${record.details === undefined ? '' : ` ${record.details}`}`,
    '',
    `* On the command line: ${flagText(record)}`,
    ...(record.variable === undefined ? [] : [`* Environment variable: ${variableText(record.variable)}`]),
    `* Expected: ${record.expected}`,
    `* Default: ${code(record)}`,
    `* Reaches: ${reaches[record.scope]}`,
    `* When to set it: ${note.when}`,
    `* Example: \`${record.name}: ${note.exampleText ?? literal(note.example)}\``,
    ...elsewhere(note),
    '',
  ]
  return lines.join('\n')
}

function elsewhere({ gunicorn, pm2 }: SettingNote): readonly string[] {
  const names = [
    ...(gunicorn === undefined ? [] : [`\`${gunicorn}\` in Gunicorn`]),
    ...(pm2 === undefined ? [] : [`\`${pm2}\` in PM2`]),
  ]
  return names.length === 0 ? [] : [`* Elsewhere: ${names.join(', ')}`]
}

/** Formats a value as in a config file. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${literal(each)}`)
    .join(', ')} }`
}

const reaches: Readonly<Record<SettingRecord['scope'], string>> = {
  arbiter: 'the arbiter',
  group: 'a group',
  worker: 'the workers of a group',
}

function flagText({ flag }: SettingRecord): string {
  if (flag === undefined) return 'the argument'
  const names = flag.short === undefined ? `\`${flag.long}` : `\`${flag.short}\`, \`${flag.long}`
  const value = flag.metavar === undefined ? '' : flagValue(flag.metavar, flag.isValueOptional)
  return `${names}${value}\`${flag.repeatable ? ', may be given several times' : ''}`
}

function flagValue(metavar: string, isOptional = false): string {
  return isOptional ? `[=${metavar}]` : ` ${metavar}`
}

function variableText({ name, meaning }: NonNullable<SettingRecord['variable']>): string {
  return meaning === undefined ? `\`${name}\`` : `\`${name}\`, which ${meaning}`
}

function code(record: SettingRecord): string {
  return record.defaultText === undefined ? `\`${defaultText(record)}\`` : record.defaultText
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
