/** Memory of this process; `undefined` if it cannot be read, for example because no file descriptor is left. */
export function residentBytes(): number | undefined {
  try {
    return process.memoryUsage.rss()
  } catch {
    return undefined
  }
}
