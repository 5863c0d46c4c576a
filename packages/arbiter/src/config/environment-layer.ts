/** Turns environment variables into a layer. */
import type { GivenValue, Layer } from './given-value.js'
import type { SettingName } from './setting-record.js'
import { allRecords } from './setting-records.js'

/** The settings given in the environment. An empty variable counts as not set. */
export function environmentLayer(env: Readonly<Record<string, string | undefined>>): Layer {
  const shared = new Map<SettingName, GivenValue>()
  for (const { name, variable, parse } of allRecords) {
    const text = variable === undefined ? undefined : env[variable.name]
    if (variable === undefined || text === undefined || text.trim() === '') continue
    shared.set(name, {
      name,
      value: variable.parse === undefined ? parse([text]) : variable.parse(text),
      source: 'environment',
      origin: `environment variable ${variable.name}`,
      path: [name],
    })
  }
  return { shared, groups: new Map() }
}
