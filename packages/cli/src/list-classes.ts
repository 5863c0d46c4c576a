/** `tunicorn classes`: the worker classes that the project has installed, and what each of them can do. */
import type { WorkerClassReport } from '@tunicorn/arbiter/internal'
import { exitCodes, logicalDirectory, reportWorkerClasses } from '@tunicorn/arbiter/internal'
import type { CommandProcess } from './console/command-process.js'
import { parsePlain, plainCommand } from './console/plain-command.js'

/** Runs `tunicorn classes ARGS` and resolves with its exit code. @throws TunicornError `CONFIG_INVALID` */
export async function listClasses(args: readonly string[], command: CommandProcess): Promise<number> {
  const { isJson, help } = parse(args)
  if (help !== undefined) {
    command.stdout.write(help)
    return exitCodes.ok
  }
  const reports = await reportWorkerClasses(logicalDirectory(command.cwd(), command.env.PWD))
  command.stdout.write(isJson ? `${JSON.stringify(reports, undefined, 2)}\n` : describe(reports))
  return exitCodes.ok
}

function parse(args: readonly string[]): { readonly isJson: boolean; readonly help: string | undefined } {
  const definition = plainCommand('tunicorn classes')
    .usage('[options]')
    .description('Lists the worker classes that this project has installed, and what each can do.')
    .option('--json', 'print JSON')
  const help = parsePlain(definition, args)
  return { isJson: definition.opts<{ readonly json?: boolean }>().json === true, help }
}

const none = `No worker class is installed in this project. Install the one you need:

  npm install @tunicorn/worker-event-loop   many requests on one event loop
  npm install @tunicorn/worker-sync         one request, one process
  npm install @tunicorn/worker-thread-pool  handlers in threads
  npm install @tunicorn/worker-asgi         (scope, receive, send) apps
`

function describe(reports: readonly WorkerClassReport[]): string {
  return reports.length === 0 ? none : reports.map(block).join('\n')
}

function block(report: WorkerClassReport): string {
  const source = [report.packageName, report.version].filter(part => part !== '').join(' ')
  const lines = report.type === 'usable' ? usableLines(report) : [`cannot be used: ${report.problem}`]
  const warnings = report.warnings.map(warning => `warning: ${warning}`)
  const note = report.isDeclared ? [] : ['not in the dependencies of package.json']
  return `${report.name}  (${source})\n${[...lines, ...warnings, ...note].map(line => `  ${line}\n`).join('')}`
}

function usableLines(report: Extract<WorkerClassReport, { readonly type: 'usable' }>): readonly string[] {
  const { appKinds, concurrency, heartbeat, keepAlive, streaming, upgrade, lifespan } = report.capabilities
  const features = [
    { name: 'keep-alive', isThere: keepAlive },
    { name: 'streaming', isThere: streaming },
    { name: 'upgrade', isThere: upgrade },
    { name: 'lifespan', isThere: lifespan },
  ]
  const listed = (isThere: boolean): string =>
    features
      .filter(feature => feature.isThere === isThere)
      .map(({ name }) => name)
      .join(', ')
  return [
    ...(report.className === report.name ? [] : [`called       ${report.className} in logs and metrics`]),
    `contract     ${report.contract}`,
    `app kinds    ${appKinds.join(', ')}`,
    `concurrency  ${concurrency}`,
    `heartbeat    ${heartbeat}`,
    ...[`has          ${listed(true)}`, `lacks        ${listed(false)}`].filter(line => !line.endsWith(' ')),
  ]
}
