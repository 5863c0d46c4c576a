/**
 * Which Markdown files of this repository are pages, where, and in what order. A file in `docs/` that no section names is
 * a page of the reference.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

export interface Page {
  /** From the root of the repository: `docs/http.md`. */
  readonly file: string
  /** In the site, without its ending: `http`. */
  readonly path: string
  readonly title: string
}

export interface Section {
  readonly text: string
  readonly pages: readonly Page[]
}

const packages = ['worker-event-loop', 'worker-thread-pool', 'worker-asgi', 'worker-sync']

const home: Page = { file: 'docs/index.md', path: 'index', title: 'Tunicorn' }

const named: readonly Section[] = [
  section('Start', ['what-and-why', 'quick-start', 'worker-classes', 'apps', 'frameworks']),
  section('Run', ['deploying', 'systemd', 'operating', 'troubleshooting', 'debugging', 'scaling']),
  {
    text: 'Worker classes',
    pages: [
      ...packages.map(name => page(`packages/${name}/README.md`, name)),
      page('packages/worker-asgi/docs/asgi.md', 'asgi', 'ASGI in detail'),
    ],
  },
  section('Compare', ['comparison', 'performance', 'from-pm2', 'from-watt', 'from-cluster', 'from-gunicorn']),
  {
    text: 'Extend',
    pages: [
      ...['writing-a-worker-class', 'worker-class-contract'].map(docs),
      page('packages/test-kit/README.md', 'test-kit', 'Conformance suite'),
      page('packages/http/README.md', 'http-service', 'HTTP for worker classes'),
      page('packages/net/README.md', 'net', 'Sockets for worker classes'),
      page('packages/arbiter/README.md', 'arbiter', 'Embedding the arbiter'),
      page('CONTRIBUTING.md', 'contributing'),
      page('SECURITY.md', 'security'),
    ],
  },
]

/** All sections, in the order of the side bar. */
export const sections: readonly Section[] = [
  ...named.slice(0, 2),
  { text: 'Reference', pages: ['settings', ...others()].map(docs) },
  ...named.slice(2),
]

/** Every page, by its file. */
export const pages: ReadonlyMap<string, Page> = new Map(
  [home, ...sections.flatMap(({ pages }) => pages)].map(each => [each.file, each]),
)

function section(text: string, names: readonly string[]): Section {
  return { text, pages: names.map(docs) }
}

function docs(name: string): Page {
  return page(`docs/${name}.md`, name)
}

function page(file: string, path: string, title = headingOf(file)): Page {
  return { file, path, title }
}

function headingOf(file: string): string {
  const [, heading] = /^# (.+)$/m.exec(readFileSync(`${root}${file}`, 'utf8')) ?? []
  if (heading === undefined) throw new Error(`${file} has no heading, which is its title in the side bar`)
  return heading.replace(/^@tunicorn\/worker-/, '')
}

/** What is in `docs/` and in no section. */
function others(): readonly string[] {
  const taken = new Set([home, ...named.flatMap(({ pages }) => pages)].map(({ file }) => file))
  return readdirSync(`${root}docs`)
    .filter(name => name.endsWith('.md') && !taken.has(`docs/${name}`) && name !== 'settings.md')
    .map(name => name.slice(0, -'.md'.length))
    .sort()
}
