/** Formats requests in flight for the log. */
import type { RequestInFlight } from './messages.js'

const shown = 10

/** `GET /a (2.1 s), GET /b (12 ms)`; empty when there is none. `more`: the number of requests without a name. */
export function requestsText(requests: readonly RequestInFlight[], more = 0): string {
  const texts = requests
    .slice(0, shown)
    .map(
      ({ method, target, ms, id }) =>
        `${method} ${target} (${timeText(ms)}${id === undefined ? '' : `, ${id}`})`,
    )
  const others = requests.length - texts.length + more
  return [...texts, ...(others > 0 ? [`${others} more`] : [])].join(', ')
}

function timeText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`
}
