/** Checks the events that name files. */
import { isAbsolute } from 'node:path'
import { describeValue } from '@tunicorn/arbiter/worker'
import { AsgiProtocolError } from '../protocol/errors.js'
import type { HttpResponseZerocopyEvent } from '../protocol/http-events.js'
import type { FilePart } from './send-file.js'

/** @throws AsgiProtocolError */
export function checkPath(path: unknown): string {
  if (typeof path === 'string' && isAbsolute(path) && !path.includes('\0')) return path
  throw new AsgiProtocolError('`path` to be', ['an absolute path'], describeValue(path))
}

/** @throws AsgiProtocolError */
export function checkFilePart({ file, offset, count }: HttpResponseZerocopyEvent): Omit<FilePart, 'isLast'> {
  const fd: unknown = typeof file === 'object' && file !== null ? file.fd : file
  if (typeof fd !== 'number' || !Number.isInteger(fd) || fd < 0)
    throw new AsgiProtocolError(
      '`file` to be',
      ['an open FileHandle', 'a file descriptor'],
      describeValue(file),
    )
  return { file, offset: checkCount(offset, 'offset'), count: checkCount(count, 'count') }
}

function checkCount(value: unknown, name: string): number {
  if (value === undefined) return -1
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new AsgiProtocolError(`\`${name}\` to be`, ['a number of bytes'], describeValue(value))
}
