/** Prints what a server reports about itself, one line for each event: those of the past, and new ones as they happen. */
import type { ControlClient, ControlEvent, ServerStatus } from '@tunicorn/arbiter/control'
import { printable } from './quantities.js'

type Happening = Exclude<ControlEvent, { readonly type: 'status' }>

export interface EventsOrder {
  readonly type: 'events'
  readonly isFollowed: boolean
  readonly isJson: boolean
}

/**
 * Prints what the server keeps of its past, oldest first. With `isFollowed`, also prints every new event until it has stopped.
 *
 * @throws TunicornError `CONTROL_UNREACHABLE` when the server dies, or cuts a reader that is too slow
 */
export async function tellEvents(
  client: ControlClient,
  { isFollowed, isJson }: EventsOrder,
  say: (line: string) => void,
): Promise<void> {
  const tell = (event: Happening): void => say(isJson ? JSON.stringify(event) : eventLine(event))
  for await (const event of client.events()) {
    if (event.type !== 'status') tell(event)
    else for (const past of pastEvents(event.status)) tell(past)
    if (!isFollowed) return
  }
}

/** In the order in which it happened. Of reloads, only the last one is kept. */
function pastEvents({ arbiter: { generation, lastReload }, groups }: ServerStatus): readonly Happening[] {
  const exits = groups.flatMap(({ name: group, exits }) =>
    exits.map((exit): Happening => ({ type: 'exit', at: exit.at, group, exit })),
  )
  return [...exits, ...(lastReload === null ? [] : [reloadOf(lastReload, generation)])].toSorted(
    (one, other) => one.at.localeCompare(other.at),
  )
}

function reloadOf(
  { at, error }: NonNullable<ServerStatus['arbiter']['lastReload']>,
  generation: number,
): Happening {
  return error === null ? { type: 'reload-done', at, generation } : { type: 'reload-failed', at, error }
}

function eventLine(event: Happening): string {
  return `${event.at}  ${printable(textOf(event))}`
}

function textOf(event: Happening): string {
  switch (event.type) {
    case 'arbiter':
      return `the server is ${event.state}`
    case 'worker': {
      const why = event.reason === null ? '' : `: ${event.reason.text}`
      const which = `worker ${event.age} (pid ${event.pid ?? '-'}, ${event.group}, generation ${event.generation})`
      return `${which} is ${event.state}${why}`
    }
    case 'exit':
      return `worker ${event.exit.age} (pid ${event.exit.pid ?? '-'}, ${event.group}) ${event.exit.reason.text}`
    case 'target':
      return `${event.group} is to have ${event.to} workers in place of ${event.from}`
    case 'reload-begun':
      return 'a reload has begun'
    case 'reload-done':
      return `a reload is done: generation ${event.generation} serves`
    case 'reload-failed':
      return `a reload has failed: ${event.error.message}`
  }
}
