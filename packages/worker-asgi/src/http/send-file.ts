/** Files as response bodies. */
import { read } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { ResponseWriter } from './response-writer.js'

const readAt = promisify(read)

const chunkSize = 128 * 1024

export interface FilePart {
  readonly file: FileHandle | number
  /** -1: from the position of the file. */
  readonly offset: number
  /** -1: up to its end. */
  readonly count: number
  readonly isLast: boolean
}

/** Opens a file for reading. Returns the problem instead if it is not a readable file. */
export async function openFile(
  path: string,
): Promise<{ readonly file: FileHandle; readonly size: number } | { readonly problem: unknown }> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const stats = await file.stat()
    if (stats.isFile()) return { file, size: stats.size }
    await file.close()
    return { problem: new TypeError(`\`${path}\` is not a file`) }
  } catch (problem) {
    await file?.close()
    return { problem }
  }
}

/** Writes a part of a file as fast as the client reads. Never closes the file. */
export async function writeFilePart(writer: ResponseWriter, part: FilePart): Promise<void> {
  let position = part.offset
  let left = part.count === -1 ? Number.POSITIVE_INFINITY : part.count
  // If the body is not sent, its length is not known either.
  if (!writer.takesBody) await writer.write(undefined, false)
  while (left > 0 && writer.takesBody) {
    const wanted = Math.min(left, chunkSize)
    const { bytes, chunk } = await readChunk(part.file, wanted, position)
    if (bytes === 0) break
    left -= bytes
    if (position !== -1) position += bytes
    await writer.write(chunk, false)
  }
  await writer.write(undefined, part.isLast)
}

/** Allocates a buffer for each chunk, because the previous one may not have been sent yet. */
async function readChunk(
  file: FileHandle | number,
  length: number,
  position: number,
): Promise<{ readonly bytes: number; readonly chunk: Buffer }> {
  const buffer = Buffer.allocUnsafe(length)
  const fd = typeof file === 'number' ? file : file.fd
  const { bytesRead } = await readAt(fd, buffer, 0, length, position === -1 ? null : position)
  return { bytes: bytesRead, chunk: buffer.subarray(0, bytesRead) }
}
