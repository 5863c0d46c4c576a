/** A hint for users who type a command of another process manager in place of the app. */
import { TunicornError } from '@tunicorn/arbiter/internal'

/** Commands that `tunicorn ctl` has under another name. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['list', 'status'],
  ['ls', 'status'],
  ['ps', 'status'],
  ['restart', 'reload'],
  ['kill', 'stop'],
  ['delete', 'stop'],
  ['logs', 'events'],
])
const toStart = ['start', 'run', 'serve']

/** The error to show for an app that was not found, given the command line. */
export async function withCommandHint(error: unknown, [word, next]: readonly string[]): Promise<unknown> {
  if (!(error instanceof TunicornError) || word === undefined) return error
  if (!error.message.includes(`The app \`${word}\` was not found`)) return error
  const hint = await hintFor(word, next)
  if (hint === undefined) return error
  return new TunicornError('APP_NOT_FOUND', `There is no app and no command \`${word}\`. ${hint}`, {
    cause: error,
  })
}

async function hintFor(word: string, next: string | undefined): Promise<string | undefined> {
  if (toStart.includes(word)) {
    const app = next === undefined || next.startsWith('-') ? './app.js' : next
    return `A server is started with \`tunicorn ${app}\``
  }
  if (word === 'monit') return 'Did you mean `tunicorn top`?'
  // Loaded on demand, because nearly every start ends without it.
  const { ctlCommands } = await import('./ctl/ctl-order.js')
  const meant = aliases.get(word) ?? word
  return ctlCommands().includes(meant) ? `Did you mean \`tunicorn ctl ${meant}\`?` : undefined
}
