/** What `--print-config` prints: every setting, its value and where it came from. */
import type { ResolvedConfig, SettingSource } from '@tunicorn/arbiter'
import { type SettingRecord, settingSections } from '@tunicorn/arbiter/internal'

/** The configuration as text, with a heading for the arbiter and one for each group. */
export function printConfig(config: ResolvedConfig): string {
  const records = settingSections.flatMap(section => section.records)
  const blocks = [
    block('arbiter', {
      records: records.filter(record => record.scope === 'arbiter'),
      values: { ...config.arbiter },
      sources: config.sources.get(''),
    }),
    ...config.groups.map(group =>
      block(`group ${group.name}`, {
        records: records.filter(record => record.scope !== 'arbiter'),
        // The class that was found says more than the empty name that made the arbiter search for one.
        values: { ...group.settings, workerClass: group.workerClass.definition.name },
        sources: config.sources.get(group.name),
      }),
    ),
  ]
  const file = `config file: ${config.file ?? 'none'}`
  const warnings = config.warnings.map(warning => `warning: ${warning}\n`)
  return `${[file, ...blocks].join('\n\n')}\n${warnings.length === 0 ? '' : `\n${warnings.join('')}`}`
}

interface Block {
  readonly records: readonly SettingRecord[]
  readonly values: Readonly<Record<string, unknown>>
  readonly sources: ReadonlyMap<string, SettingSource> | undefined
}

function block(title: string, { records, values, sources }: Block): string {
  const rows = records.map(({ name, show = JSON.stringify }) => ({
    name,
    value: show(values[name]),
    source: sources?.get(name) ?? 'default',
  }))
  const nameWidth = Math.max(...rows.map(row => row.name.length))
  const valueWidth = Math.min(40, Math.max(...rows.map(row => row.value.length)))
  const lines = rows.map(
    ({ name, value, source }) => `${name.padEnd(nameWidth)} = ${value.padEnd(valueWidth)}  (${source})`,
  )
  return `[${title}]\n${lines.join('\n')}`
}
