/** `docs/frameworks.md` from what has run. */
import { readFile, writeFile } from 'node:fs/promises'
import type { Framework } from './framework.js'
import type { Served } from './run-framework.js'

const file = new URL('../../../../docs/frameworks.md', import.meta.url)
const begin = '<!-- begin: npm run frameworks -->\n'
const end = '<!-- end -->'

const heads = [
  'framework',
  'ran with',
  'started with',
  'it takes',
  'JSON',
  'file',
  'stream',
  'POST',
  'upload',
  'own shutdown',
]

/** The line of one framework. A dash: it has no such thing, or the app has none. */
export function rowOf({ framework, version }: Served): string {
  const { name, package: packageName, start, takes, farewell, sockets } = framework
  const has = ({ file, stream, post, upload }: Framework['asks']): readonly string[] =>
    [true, file, stream, post, upload, farewell].map(part => (part === undefined ? '–' : 'yes'))
  const cells = [
    sockets === undefined ? name : `${name} (sockets)`,
    `${packageName} ${version}`,
    `\`tunicorn ${start}\``,
    takes ?? 'nothing',
    ...has(framework.asks),
  ]
  return `| ${cells.join(' | ')} |`
}

/** The lines of the table as the document has them. */
export async function documentedRows(): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8')
  return (
    text
      .slice(text.indexOf(begin) + begin.length, text.indexOf(end))
      .split('\n')
      .slice(2, -1)
      // As the formatter has set it.
      .map(line => line.replace(/ +/g, ' '))
  )
}

/** Writes the lines of these frameworks. Of one that did not run the old line stays. */
export async function writeTable(names: readonly string[], rows: ReadonlyMap<string, string>): Promise<void> {
  const old = await documentedRows()
  const lines = names.map(name => rows.get(name) ?? old.find(line => line.startsWith(`| ${name} `)) ?? '')
  const table = [`| ${heads.join(' | ')} |`, `|${' --- |'.repeat(heads.length)}`, ...lines]
  const text = await readFile(file, 'utf8')
  const [before] = text.split(begin)
  const after = text.slice(text.indexOf(end))
  await writeFile(file, `${before}${begin}${table.join('\n')}\n${after}`)
}
