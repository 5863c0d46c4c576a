/** Names a file of this package that a running server misses, with what to do: mostly an old release was removed. */
export function lostFile(path: string): string {
  return `${path}, a file of Tunicorn itself, which was moved or removed since the start: upgrade (USR2) to where it is now, or install it there again`
}
