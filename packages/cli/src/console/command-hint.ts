/** What somebody meant who typed a command that other process managers have, in the place of the app. */
import { TunicornError } from '@tunicorn/arbiter/internal'

/** Of `tunicorn ctl`. */
const ofRunning = ['status', 'reload', 'scale', 'stop', 'stack', 'profile', 'heap-snapshot']
const aliases: ReadonlyMap<string, string> = new Map([
  ['list', 'status'],
  ['ls', 'status'],
  ['ps', 'status'],
  ['restart', 'reload'],
  ['kill', 'stop'],
  ['delete', 'stop'],
])
const toStart = ['start', 'run', 'serve']

/** The error to show for an app that was not found, given the command line. */
export function withCommandHint(error: unknown, [word, next]: readonly string[]): unknown {
  if (!(error instanceof TunicornError) || word === undefined) return error
  const hint = hintFor(word, next)
  if (hint === undefined || !error.message.includes(`The app \`${word}\` was not found`)) return error
  return new TunicornError('APP_NOT_FOUND', `There is no app and no command \`${word}\`. ${hint}`, {
    cause: error,
  })
}

function hintFor(word: string, next: string | undefined): string | undefined {
  if (toStart.includes(word)) {
    const app = next === undefined || next.startsWith('-') ? './app.js' : next
    return `A server is started with \`tunicorn ${app}\``
  }
  const meant = aliases.get(word) ?? (ofRunning.includes(word) ? word : undefined)
  return meant && `Did you mean \`tunicorn ctl ${meant}\`?`
}
