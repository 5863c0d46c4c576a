/** GET, SET, DEL and INCR on a map in memory: every worker has its own, and it ends with the worker. */
import { CommandError } from 'tunicorn-worker-resp/app'

/** @returns {import('tunicorn-worker-resp/app').RespApp} */
export function keyValueCommands(entries = new Map()) {
  return {
    get: ([key]) => entries.get(keyOf(key)),
    set([key, value]) {
      entries.set(keyOf(key), value)
      return { status: 'OK' }
    },
    del: keys => keys.filter(key => entries.delete(keyOf(key))).length,
    incr([key]) {
      const text = entries.get(keyOf(key))?.toString('latin1') ?? '0'
      const next = Number(text) + 1
      if (!/^-?\d+$/.test(text)) throw new CommandError('ERR value is not an integer or out of range')
      entries.set(keyOf(key), Buffer.from(String(next)))
      return next
    },
  }
}

/** Bytes as text that keeps every byte apart. */
function keyOf(bytes) {
  if (bytes === undefined) throw new CommandError('ERR wrong number of arguments')
  return bytes.toString('latin1')
}
