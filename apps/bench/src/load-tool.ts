/** The load: wrk where it is installed, otherwise autocannon. Both run as processes of their own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { outputOf } from './command.js'
import { type CommandLine, findPin, unpinned } from './pinning.js'

interface LoadOptions {
  readonly url: string
  readonly seconds: number
  /** `false`: one connection per request. */
  readonly keepAlive: boolean
  /** Keeps the load on core 1, away from a server on core 0. */
  readonly isPinned: boolean
  /** Connections at once. @default 32 */
  readonly connections?: number | undefined
  /** Sends POST requests with a body of this many bytes. If absent, GET requests. */
  readonly bodyBytes?: number | undefined
}

export interface LoadTool {
  readonly name: string
  /**
   * Resolves with requests per second.
   *
   * @throws Error when the tool saw a failed request.
   */
  run(options: LoadOptions): Promise<number>
}

const CONNECTIONS = 32

export async function findLoadTool(): Promise<LoadTool> {
  const pin = (await findPin()) ?? unpinned
  // wrk exits with 1 after it has printed its version.
  const hasWrk = (await outputOf('sh', '-c', 'command -v wrk')) !== undefined
  const tool = hasWrk ? wrk : autocannon
  return {
    name: tool.name,
    run: async options => {
      const line = tool.commandLine(options)
      return tool.read(await execute(options.isPinned ? pin(1, line) : line))
    },
  }
}

const wrk = {
  name: 'wrk',
  commandLine({ url, seconds, keepAlive, connections = CONNECTIONS, bodyBytes }: LoadOptions): CommandLine {
    const header: readonly string[] = keepAlive ? [] : ['-H', 'Connection: close']
    const line: CommandLine = ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, ...header]
    if (bodyBytes === undefined) return [...line, url]
    return [...line, '-s', clientFile('post.lua'), url, '--', String(bodyBytes)]
  },
  read(output: string): number {
    const rate = /Requests\/sec:\s+([\d.]+)/.exec(output)?.[1]
    if (rate === undefined || /Non-2xx|Socket errors/.test(output))
      throw new Error(`wrk saw failures:\n${output}`)
    return Number(rate)
  },
}

const autocannon = {
  name: 'autocannon',
  commandLine({ url, seconds, keepAlive, connections = CONNECTIONS, bodyBytes }: LoadOptions): CommandLine {
    const script = fileURLToPath(import.meta.resolve('autocannon'))
    const header: readonly string[] = keepAlive ? [] : ['-H', 'Connection=close']
    const body: readonly string[] = bodyBytes === undefined ? [] : ['-m', 'POST', '-b', 'e'.repeat(bodyBytes)]
    const size = ['-c', String(connections), '-d', String(seconds)]
    return [process.execPath, script, '--json', ...size, ...header, ...body, url]
  },
  read(output: string): number {
    // autocannon's own report: its documented fields, checked for presence below.
    const report = JSON.parse(output) as { requests?: { average?: number }; errors?: number; non2xx?: number }
    const rate = report.requests?.average
    if (rate === undefined || report.errors !== 0 || report.non2xx !== 0) {
      throw new Error(`autocannon saw failures:\n${output}`)
    }
    return rate
  },
}

/** A file in `clients/`. */
export function clientFile(name: string): string {
  return fileURLToPath(new URL(`../clients/${name}`, import.meta.url))
}

function execute([command, ...args]: CommandLine): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) resolve(output)
      else reject(new Error(`${command} ended with ${code}:\n${output}`))
    })
  })
}
