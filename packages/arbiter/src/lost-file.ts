/** Names a file of this package that a running server cannot find, and what to do. Usually an old release was removed. */
export function lostFile(path: string): string {
  return `${path}, a file of Tunicorn itself, which was moved or removed since the start: upgrade (USR2) to where it is now, or install it there again`
}
