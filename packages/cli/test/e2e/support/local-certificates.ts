/** A certificate for this machine, and the authority that signed it, for all tests of a file. */
import { readFile } from 'node:fs/promises'
import { type TemporaryDirectory, temporaryDirectory } from '@tunicorn/harness'
import { afterAll } from 'vitest'
import { type Authority, type CertificatePair, createAuthority } from './certificates.js'

export interface LocalCertificates {
  /** Where the files are, and others can be. */
  readonly directory: TemporaryDirectory
  readonly authority: Authority
  readonly server: CertificatePair
  /** The authority's own certificate, for clients. */
  readonly ca: string
}

export async function localCertificates(): Promise<LocalCertificates> {
  const directory = await temporaryDirectory()
  afterAll(() => directory[Symbol.asyncDispose]())
  const authority = await createAuthority(directory.path)
  const server = await authority.issue('localhost', { names: ['localhost', '127.0.0.1'] })
  return { directory, authority, server, ca: await readFile(authority.certfile, 'utf8') }
}
