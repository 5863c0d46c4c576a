/** `npm run bench`: measures rows and prints a Markdown table. Figures go to standard output, progress to standard error. */
import { readdir } from 'node:fs/promises'
import { constants } from 'node:os'
import { profileVariable } from './contender.js'
import { findLoadTool } from './load-tool.js'
import { machineLine } from './machine.js'
import { parseOptions } from './options.js'
import { writePage } from './page.js'
import { writeResults } from './record.js'
import { type Bench, isRow, type Row } from './row.js'
import { type RowResult, resultsTable } from './table.js'

async function findRows(): Promise<readonly Row[]> {
  // The build puts `rows/NAME.ts` at `row-NAME.js`, next to this file.
  const folder = new URL('./', import.meta.url)
  const rows: Row[] = []
  for (const file of (await readdir(folder)).filter(name => name.startsWith('row-'))) {
    const { row }: { row?: unknown } = await import(new URL(file, folder).href)
    if (!isRow(row)) throw new TypeError(`${file} exports no row`)
    rows.push(row)
  }
  return rows.sort((a, b) => a.order - b.order)
}

function choose(rows: readonly Row[], only: readonly string[]): readonly Row[] {
  const unknown = only.filter(name => !rows.some(row => row.name === name))
  if (unknown.length === 0) return rows.filter(row => only.length === 0 || only.includes(row.name))
  throw new TypeError(`No row ${unknown.join(', ')}; there are ${rows.map(row => row.name).join(', ')}`)
}

async function measure(row: Row, bench: Bench): Promise<RowResult> {
  console.error(`# ${row.name}`)
  try {
    return { row, measurement: await row.measure(bench) }
  } catch (error) {
    console.error(error)
    return { row, error }
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { rounds, starts, seconds, only, profile, isWritten } = parseOptions(args)
  const rows = choose(await findRows(), only)
  if (profile !== '') process.env[profileVariable] = profile
  // Node.js 20 reads these certificates at every start, which takes three times as long as the rest of it.
  process.env.NODE_EXTRA_CA_CERTS = ''
  const loadTool = await findLoadTool()
  const bench: Bench = { rounds, starts, seconds, loadTool, progress: text => console.error(`  ${text}`) }
  const results: RowResult[] = []
  for (const row of rows) results.push(await measure(row, bench))

  const plan = `medians of ${rounds} interleaved rounds of ${seconds} s${starts > 1 ? ` in each of ${starts} starts` : ''}`
  const machine = machineLine(loadTool.name)
  console.log(`${machine}; ${plan}\n`)
  console.log(resultsTable(results))
  if (isWritten) {
    const date = new Date().toISOString().slice(0, 10)
    await writePage(await writeResults(results, { date, machine, plan }))
  }
  process.exitCode = results.some(result => 'error' in result) ? 1 : 0
}

// The servers end with this process, but only if it exits by itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]))

try {
  await main(process.argv.slice(2))
} catch (error) {
  // Wrong arguments. What a row throws is in the table.
  console.error(error instanceof TypeError ? error.message : error)
  process.exitCode = 1
}
