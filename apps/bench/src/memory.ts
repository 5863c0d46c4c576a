import { outputOf } from './command.js'

/** Resident memory of a process. */
export async function residentMegabytes(pid: number): Promise<number> {
  const kilobytes = Number(await outputOf('ps', '-o', 'rss=', '-p', String(pid)))
  if (!(kilobytes > 0)) throw new Error(`ps does not know process ${pid}`)
  return kilobytes / 1024
}
