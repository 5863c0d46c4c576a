/**
 * What a package offers in TypeScript, as text: every export of its entry points with its declaration, and the types that
 * these name. It is made from the built declarations, so that a review shows a change as users get it.
 */
import { readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import ts from 'typescript'
import { workspaces as allWorkspaces } from './workspaces.mjs'

/** Entry points that are not promised to users. */
const ownEntries = new Set(['./internal'])

const printer = ts.createPrinter({ removeComments: true })

/** The reports of packages from `workspaces()`: `{ workspace, text }`. One program reads all, because Node's types take longest. */
export function apiReports(workspaces) {
  const packages = workspaces.map(workspace => ({ workspace, entries: entriesOf(workspace) }))
  const program = ts.createProgram({
    rootNames: packages.flatMap(({ entries }) => entries.map(({ file }) => file)),
    options: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: ['node'],
      skipLibCheck: true,
      noEmit: true,
    },
  })
  const checker = program.getTypeChecker()
  return packages.map(({ workspace, entries }) => ({
    workspace,
    text: reportOf(workspace, entries, { program, checker }),
  }))
}

function entriesOf({ manifest, path }) {
  return Object.entries(manifest.exports)
    .filter(([name, target]) => typeof target === 'object' && !ownEntries.has(name))
    .map(([name, { types }]) => ({ name: name.replace(/^\./, manifest.name), file: join(path, types) }))
}

function reportOf({ manifest, path }, entries, { program, checker }) {
  const isOwn = file => file.startsWith(`${join(path, 'dist')}${sep}`)
  const named = new Map()
  const sections = entries.map(({ name, file }) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file))
    const exports = checker.getExportsOfModule(module).sort(byName)
    const texts = exports.map(symbol => exportText(symbol, { checker, isOwn, named }))
    return `## ${name}\n\n\`\`\`ts\n${texts.join('\n\n')}\n\`\`\`\n`
  })
  const others = [...named.values()].filter(({ isExported }) => !isExported).sort(byName)
  const types =
    others.length === 0
      ? ''
      : `\n## Named by these, and not exported\n\n\`\`\`ts\n${others.map(({ text }) => text).join('\n\n')}\n\`\`\`\n`
  return `# Public API of ${manifest.name}\n\nMade by \`npm run api\` from the built declarations.\n\n${sections.join('\n')}${types}`
}

/** An export under the name that it has for users. The first entry point that has it shows its declaration. */
function exportText(symbol, context) {
  const target = resolved(symbol, context.checker)
  if (target.declarations === undefined) return `export { ${symbol.name} }`
  const [first] = target.declarations
  if (!context.isOwn(first.getSourceFile().fileName))
    return `export { ${symbol.name} } // of ${packageOf(first.getSourceFile().fileName)}`
  const entry = declared(target, context)
  const isAgain = entry.isExported
  entry.isExported = true
  const alias = symbol.name === target.name ? '' : ` // as ${symbol.name}`
  if (isAgain) return `export { ${target.name} }${alias} // as above`
  return `${alias === '' ? '' : `export { ${target.name} as ${symbol.name} }\n`}${entry.text}`
}

/** Adds the declarations of a symbol of the package, once, and those of the symbols that they name. */
function declared(symbol, context) {
  const known = context.named.get(symbol)
  if (known !== undefined) return known
  const nodes = symbol.declarations.map(statementOf)
  const entry = { name: symbol.name, isExported: false, text: '' }
  context.named.set(symbol, entry)
  entry.text = nodes
    .map(node => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile()))
    .join('\n')
  for (const node of nodes) visit(node, context)
  return entry
}

function visit(node, context) {
  if (ts.isIdentifier(node)) {
    const symbol = context.checker.getSymbolAtLocation(node)
    const target = symbol === undefined ? undefined : resolved(symbol, context.checker)
    const declaration = target?.declarations?.[0]
    if (
      declaration !== undefined &&
      isDeclarationOfName(declaration) &&
      ts.isSourceFile(statementOf(declaration).parent) &&
      context.isOwn(declaration.getSourceFile().fileName)
    )
      declared(target, context)
  }
  ts.forEachChild(node, child => visit(child, context))
}

/** Types, classes, functions and constants; not their members, parameters or type parameters. */
function isDeclarationOfName(node) {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isVariableDeclaration(node)
  )
}

/** A constant is declared in a list in a statement. */
function statementOf(node) {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node
}

function resolved(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** Its name and not its path, because paths differ from one checkout to the next. */
function packageOf(file) {
  const workspace = allWorkspaces().find(({ path }) => file.startsWith(`${path}${sep}`))
  if (workspace !== undefined) return workspace.manifest.name
  const [, name = 'another package'] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file) ?? []
  return name
}

function byName(one, other) {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}

/** The file of the report, in the folder of its package. */
export function reportFile({ path }) {
  return join(path, 'api.md')
}

/** Where a kept report and the built declarations differ, as text for a person. */
export function apiProblems(workspaces) {
  return apiReports(workspaces)
    .filter(({ workspace, text }) => kept(workspace) !== text)
    .map(({ workspace, text }) => {
      const differs = difference(kept(workspace), text)
      return `The public API of ${workspace.manifest.name} is not what ${workspace.folder}/api.md says:\n${differs}`
    })
}

function kept(workspace) {
  try {
    return readFileSync(reportFile(workspace), 'utf8')
  } catch {
    return ''
  }
}

/** Lines that are gone and lines that are new, up to a limit. */
function difference(before, after) {
  const [old, now] = [before, after].map(text => text.split('\n'))
  const gone = old.filter(line => !now.includes(line)).map(line => `- ${line}`)
  const added = now.filter(line => !old.includes(line)).map(line => `+ ${line}`)
  const lines = [...gone, ...added]
  return [...lines.slice(0, 20), ...(lines.length > 20 ? [`and ${lines.length - 20} lines more`] : [])].join(
    '\n',
  )
}
