/** The part of `docs/performance.md` that is made from the results. */
import { readFile, writeFile } from 'node:fs/promises'
import { markdownTable } from './markdown-table.js'
import type { RecordedRow, Run } from './record.js'

const pageFile: URL = new URL('../../../docs/performance.md', import.meta.url)

const begin = '<!-- begin: npm run bench -- --write -->\n'
const end = '<!-- end -->'

/** The text between the marks on the page. */
export async function tableOnPage(): Promise<string> {
  const text = await readFile(pageFile, 'utf8')
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end))
}

export async function writePage(rows: readonly RecordedRow[]): Promise<void> {
  const text = await readFile(pageFile, 'utf8')
  const before = text.slice(0, text.indexOf(begin) + begin.length)
  await writeFile(pageFile, `${before}${pageText(rows)}${text.slice(text.indexOf(end))}`)
}

const heads = ['measured', 'baseline', 'Tunicorn', 'result', 'target', 'reached', 'run']

/** The table, then the tables and notes of its rows, then the runs. Laid out as the formatter would. */
export function pageText(rows: readonly RecordedRow[]): string {
  const runs = runsOf(rows)
  const numberOf = (run: Run): string => String(runs.findIndex(each => isSame(each, run)) + 1)
  const cells = rows.map(row => [
    row.title,
    row.baseline,
    row.tunicorn,
    row.result,
    row.target,
    row.reached === 'yes' || row.reached === 'undecided' ? row.reached : `**${row.reached}**`,
    numberOf(row.run),
  ])
  const notes = rows.flatMap(({ name, notes }) => notes.map(note => `- \`${name}\`: ${note}`))
  const list = runs.map(({ date, machine, plan }, index) => `${index + 1}. ${date}, ${machine}; ${plan}.`)
  return `${[
    markdownTable([heads, ...cells]),
    ...rows.flatMap(({ title, steps }) => (steps ? [`${title}:`, markdownTable(steps)] : [])),
    ...(notes.length === 0 ? [] : ['In the same runs:', notes.join('\n')]),
    'Runs:',
    list.join('\n'),
  ].join('\n\n')}\n`
}

/** Each run once, the oldest first. */
function runsOf(rows: readonly RecordedRow[]): readonly Run[] {
  const runs: Run[] = []
  for (const { run } of rows) if (!runs.some(each => isSame(each, run))) runs.push(run)
  return runs.sort((a, b) => a.date.localeCompare(b.date))
}

function isSame(one: Run, other: Run): boolean {
  return one.date === other.date && one.machine === other.machine && one.plan === other.plan
}
