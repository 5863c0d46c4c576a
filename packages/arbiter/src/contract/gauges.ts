/** The limits on gauges of a worker class: they become names in the status and labels of a metric, so both are bounded. */

/** Maximum number of gauges of one worker. */
export const maxGauges = 32

/** camelCase, up to 50 characters. */
export const gaugeName: RegExp = /^[a-z][A-Za-z0-9]{0,49}$/

/** What is wrong with these gauges; empty when all of them can be shown. */
export function gaugeProblems(gauges: Readonly<Record<string, number>>): readonly string[] {
  const entries = Object.entries(gauges)
  const names = entries.filter(([name]) => !gaugeName.test(name)).map(([name]) => JSON.stringify(name))
  const values = entries.filter(([, value]) => !Number.isFinite(value)).map(([name]) => JSON.stringify(name))
  return [
    ...(entries.length > maxGauges ? [`${entries.length} gauges are more than ${maxGauges}`] : []),
    ...(names.length > 0 ? [`not camelCase, or longer than 50 characters: ${names.join(', ')}`] : []),
    ...(values.length > 0 ? [`no finite number: ${values.join(', ')}`] : []),
  ]
}
