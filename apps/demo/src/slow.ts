import { setTimeout as wait } from 'node:timers/promises'
import { describeWorker } from './worker.js'

const DEFAULT_SECONDS = 3
const MAX_SECONDS = 20

/** Answers after `?seconds=`. Reload or stop the arbiter meanwhile: the answer still comes. */
export async function slow(request: Request): Promise<Response> {
  const given = Number(new URL(request.url).searchParams.get('seconds') ?? DEFAULT_SECONDS)
  if (!(given >= 0 && given <= MAX_SECONDS)) {
    return new Response(`seconds must be from 0 to ${MAX_SECONDS}\n`, { status: 400 })
  }
  try {
    await wait(given * 1000, undefined, { signal: request.signal })
  } catch {
    return new Response('The client left\n', { status: 499 })
  }
  return Response.json({ ...describeWorker(), waited: given })
}
