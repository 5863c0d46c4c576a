/** Certificates for a test, made by `openssl`. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface CertificatePair {
  readonly certfile: string
  readonly keyfile: string
}

export interface Authority extends CertificatePair {
  /** A certificate that it signs, for a server or a client. `days`: how long it holds. */
  issue(
    name: string,
    options?: { readonly names?: readonly string[]; readonly days?: number },
  ): Promise<CertificatePair>
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const

/** An authority with its files in `directory`. */
export async function createAuthority(directory: string, name = 'ca'): Promise<Authority> {
  const pathOf = (file: string, end: string): CertificatePair => ({
    certfile: `${directory}/${file}${end}.crt`,
    keyfile: `${directory}/${file}${end}.key`,
  })
  const ca = pathOf(name, '')
  await run('openssl', [
    'req',
    '-x509',
    ...newKey,
    '-days',
    '10',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    ca.keyfile,
    '-out',
    ca.certfile,
  ])
  let count = 0
  return {
    ...ca,
    async issue(subject, { names = [], days = 90 } = {}) {
      count += 1
      const pair = pathOf(`${name}-${subject.replace('*', '_')}`, `-${count}`)
      const alternatives = names.map(each => (/^[\d.]+$/.test(each) ? `IP:${each}` : `DNS:${each}`)).join(',')
      await run('openssl', [
        ...['req', '-x509', ...newKey, '-days', String(days), '-subj', `/O=Tests/CN=${subject}`],
        ...['-CA', ca.certfile, '-CAkey', ca.keyfile, '-keyout', pair.keyfile, '-out', pair.certfile],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
        ...(alternatives === '' ? [] : ['-addext', `subjectAltName=${alternatives}`]),
      ])
      return pair
    },
  }
}
