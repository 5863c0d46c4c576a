/**
 * Stats a path or descriptor that may be a pipe or a socket.
 *
 * Before Node.js 24, such a stat leaves state behind that makes the next stat by the module loader stop at a link. The module of
 * a linked package, as some package managers lay them out, is then loaded from the path of the link, a second time or only in
 * part. Stats with `bigint` are kept elsewhere, where the loader does not find them.
 */
import { type BigIntStats, fstat, fstatSync, lstatSync } from 'node:fs'

/** @throws Error of the operating system */
export function statDescriptor(fd: number): BigIntStats {
  return fstatSync(fd, { bigint: true })
}

/** Like {@link statDescriptor}, without waiting for a disk that hangs. */
export function statDescriptorLater(fd: number): Promise<BigIntStats> {
  return new Promise((resolve, reject) => {
    fstat(fd, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats)))
  })
}

/** Stats a path without following links. `undefined`: nothing is there. @throws Error of the operating system */
export function statPath(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })
}
