/** A certificate that is renewed while a server reads it: with its key in the same file, a pair is never half there. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { createAuthority } from '../e2e/support/certificates.js'
import { askSecurely } from '../e2e/support/tls-client.js'

export class RenewedCertificate {
  readonly certfile: string
  /** That of the authority, as PEM. */
  readonly ca: string
  readonly #texts: readonly [string, string]
  #renewals = 0

  /** In `directory`, with its files. */
  static async create(directory: string): Promise<RenewedCertificate> {
    const authority = await createAuthority(directory)
    const issue = async (): Promise<string> => {
      const pair = await authority.issue('localhost', { names: ['localhost', '127.0.0.1'] })
      return (await readFile(pair.certfile, 'utf8')) + (await readFile(pair.keyfile, 'utf8'))
    }
    const texts = [await issue(), await issue()] as const
    const certificate = new RenewedCertificate(
      `${directory}/server.pem`,
      await readFile(authority.certfile, 'utf8'),
      texts,
    )
    await writeFile(certificate.certfile, texts[0])
    return certificate
  }

  private constructor(certfile: string, ca: string, texts: readonly [string, string]) {
    this.certfile = certfile
    this.ca = ca
    this.#texts = texts
  }

  /** There are two, which take turns. */
  async renew(): Promise<void> {
    this.#renewals += 1
    await writeFile(`${this.certfile}.next`, this.#texts[this.#renewals % 2 === 0 ? 0 : 1])
    await rename(`${this.certfile}.next`, this.certfile)
  }

  /** Of the one that a new connection gets. */
  async serialAt(url: string): Promise<string> {
    return (await askSecurely(url, { ca: this.ca })).certificate.serialNumber
  }
}
