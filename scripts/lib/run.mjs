/** Runs the tools of this repository. */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { root } from './workspaces.mjs'

/** Keeps the tools from sending reports and looking for updates. */
const quiet = { DO_NOT_TRACK: '1', TURBO_TELEMETRY_DISABLED: '1', NO_UPDATE_NOTIFIER: '1' }

/**
 * Runs a command, looked up in `node_modules/.bin` first, and resolves with `{ code, output }`.
 * With `show`, what it prints goes straight to this terminal and `output` is empty.
 */
export function run(command, args, { cwd = root, env = {}, show = false } = {}) {
  return new Promise(resolve => {
    const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...quiet, PATH: path, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', text => {
        output += text
      })
    }
    child.on('error', error => resolve({ code: 1, output: `${command}: ${error.message}` }))
    child.on('close', (code, signal) => {
      resolve({ code: code ?? 1, output: signal === null ? output : `${output}\nended by ${signal}` })
    })
  })
}

/** Runs a task of `turbo.json`. */
export function turbo(task, args = [], options = {}) {
  return run('turbo', ['run', task, '--no-update-notifier', '--ui=stream', ...args], options)
}
