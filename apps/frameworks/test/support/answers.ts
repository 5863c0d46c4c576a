/** Asks an app, and looks at what it answers. */
import type { Ask } from './framework.js'

/** Resolves when the answer is as it has to be. */
export async function answerTo(url: string, ask: Ask): Promise<void> {
  const response = await send(url, ask)
  check(ask, response, await response.text())
}

/**
 * The same, for an answer of which the first part is there before the last. A client that the machine holds up sees both at
 * once, so it asks again; from a server that keeps parts back it would never see them apart.
 */
export async function checkParts(url: string, ask: Ask): Promise<void> {
  let spread = 0
  for (let attempt = 1; attempt <= 5 && spread < 100; attempt += 1) spread = await spreadOf(url, ask)
  if (spread < 100) throw new Error(`${ask.path} came within ${spread} ms, and not in parts`)
}

/** Milliseconds from the first part to the last. */
async function spreadOf(url: string, ask: Ask): Promise<number> {
  const response = await send(url, ask)
  const decoder = new TextDecoder()
  const times: number[] = []
  let text = ''
  for await (const part of response.body ?? []) {
    times.push(performance.now())
    text += decoder.decode(part, { stream: true })
  }
  check(ask, response, text)
  return (times.at(-1) ?? 0) - (times[0] ?? 0)
}

function send(url: string, { path, method, headers, body }: Ask): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  })
}

function check({ path, answer }: Ask, { status }: Response, text: string): void {
  if (status >= 300 || !answer.test(text)) throw new Error(`${path} was answered with ${status}: ${text}`)
}
