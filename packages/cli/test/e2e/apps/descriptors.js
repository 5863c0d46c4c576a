import { closeSync, openSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Longer than two heartbeats. */
const ms = 2_500

function takeAll() {
  const taken = []
  try {
    for (;;) taken.push(openSync('/dev/null'))
  } catch {
    return taken
  }
}

export default async (req, res) => {
  const taken = req.url === '/exhaust' ? takeAll() : []
  if (req.url !== '/') await setTimeout(ms)
  for (const fd of taken) closeSync(fd)
  res.end(String(process.pid))
}
