/** `tunicorn ctl reload --wait`: reports progress until the new workers serve or the old ones are kept. */
import { type ControlClient, type ControlEvent, TunicornError } from '@tunicorn/arbiter/control'
import { formatDuration, printable } from './quantities.js'

/** @throws TunicornError `RELOAD_FAILED`, the error of the configuration, or `CONTROL_UNREACHABLE` */
export async function followReload(client: ControlClient, say: (line: string) => void): Promise<void> {
  const startedAt = performance.now()
  const ended = new AbortController()
  const events = client.events({ signal: ended.signal })
  // The first event is the status. After that, none is missed.
  await events.next()
  const told = tell(events, say).catch(error => {
    // The order itself reports its result. These lines only show the progress.
    if (!ended.signal.aborted)
      say(`  no more is to be seen: ${error instanceof Error ? error.message : error}`)
  })
  try {
    await client.reload({ wait: true })
  } catch (error) {
    throw failure(error)
  } finally {
    ended.abort()
    await told
  }
  const { arbiter } = await client.status()
  say(
    `Reload done: generation ${arbiter.generation} serves, after ${formatDuration(performance.now() - startedAt)}`,
  )
}

/** A configuration may have several problems, one on each line. */
function failure(error: unknown): unknown {
  if (!(error instanceof TunicornError)) return error
  const separator = error.message.includes('\n') ? ':\n' : '. '
  return new TunicornError('RELOAD_FAILED', `Reload failed${separator}${error.message}`, { cause: error })
}

async function tell(events: AsyncIterable<ControlEvent>, say: (line: string) => void): Promise<void> {
  for await (const event of events) {
    const line = lineOf(event)
    if (line !== undefined) say(line)
  }
}

function lineOf(event: ControlEvent): string | undefined {
  switch (event.type) {
    case 'reload-begun':
      return 'Reloading'
    case 'worker': {
      const who = `  worker ${event.age} (generation ${event.generation}, pid ${event.pid ?? '-'}, ${event.group})`
      if (event.state === 'promoting' || event.state === 'closed') return undefined
      const why = event.reason === null ? '' : `: ${printable(event.reason.text)}`
      return `${who}: ${event.state}${why}`
    }
    case 'exit':
      return event.exit.isOrderly
        ? undefined
        : `  worker ${event.exit.age} (${event.group}) ${printable(event.exit.reason.text)}`
    default:
      return undefined
  }
}
