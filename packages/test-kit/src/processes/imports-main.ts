/** Imports a module and reports what that did to the process, as JSON on the IPC channel. */
import type { ImportReport } from './import-report.js'
import { resourcesBeyond } from './resources-beyond.js'

const [url = ''] = process.argv.slice(2)

// The channel to the test is a handle too, and keeps this process alive until the report is sent.
const listeners = (): string[] =>
  process.eventNames().map(name => `${String(name)} (${process.listenerCount(name)})`)
const resources = (): string[] => process.getActiveResourcesInfo().sort()
const globals = (): string[] => Object.getOwnPropertyNames(globalThis).sort()

// Node.js 26 opens a pipe when it first loads this built-in module. That must not count as done by the imported one.
await import('node:http')
const before = { listeners: listeners(), resources: resources(), globals: globals(), cwd: process.cwd() }
await import(url)
// By then, what the import itself used has been released.
await new Promise(resolve => setImmediate(resolve))
const added = (names: readonly string[], known: readonly string[]): string[] =>
  names.filter(name => !known.includes(name))
const report: ImportReport = {
  listeners: added(listeners(), before.listeners),
  resources: resourcesBeyond(before.resources, resources()),
  globals: added(globals(), before.globals),
  hasMoved: process.cwd() !== before.cwd,
}
process.send?.(report, () => process.disconnect())
