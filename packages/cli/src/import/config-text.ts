/** Writes a `tunicorn.config.ts`. */
import type { ImportedConfig } from './imported.js'

export function configText({ settings, notes }: ImportedConfig, origin: string): string {
  const comments = notes.map(note => `// - ${note}\n`).join('')
  const heading = notes.length === 0 ? '' : `// Not taken from ${oneLine(origin)}:\n${comments}\n`
  return `import { defineConfig } from 'tunicorn'\n\n${heading}export default defineConfig(${literal(settings, '')})\n`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(each => literal(each, indent)).join(', ')}]`
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const inner = `${indent}  `
  const lines = entries.map(([key, each]) => `${inner}${name(key)}: ${literal(each, inner)},\n`)
  return `{\n${lines.join('')}${indent}}`
}

function name(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) && key !== '__proto__' ? key : `[${quoted(key)}]`
}

function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1)
  return `'${inner.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
