/** Memory of this process; `undefined` when it cannot be read, as by a process that has no file descriptor left. */
export function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss()
  } catch {
    return undefined
  }
}
