/** Reads the data of server-sent events. It skips names and ids, because the data repeats them. */

/** A longer event does not come from the control API. */
const maxEvent = 64 * 1_024 * 1_024

/** The data of each event, in order. `chunks` may be cut anywhere. */
export async function* serverSentData(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const events = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = events.pop() ?? ''
    if (rest.length > maxEvent) throw new Error('an event does not end')
    for (const event of events) {
      const data = dataOf(event)
      if (data !== undefined) yield data
    }
  }
}

function dataOf(event: string): string | undefined {
  const lines = event.split('\n').flatMap(line => /^data: ?(.*)$/.exec(line)?.[1] ?? [])
  return lines.length === 0 ? undefined : lines.join('\n')
}
