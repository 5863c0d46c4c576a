/** The data of server-sent events, one after the other. Leaving the loop closes the connection. */
export async function* readEvents(url: string, signal: AbortSignal): AsyncGenerator<string> {
  const leaving = new AbortController()
  const response = await fetch(url, { signal: AbortSignal.any([signal, leaving.signal]) })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
      const blocks = (rest + part.value).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) if (block.startsWith('data: ')) yield block.slice('data: '.length)
    }
  } finally {
    leaving.abort()
  }
}
