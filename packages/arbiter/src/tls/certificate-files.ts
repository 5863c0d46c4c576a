/** The certificate files that the settings name. Pure. */

/** A certificate and its key as files. An empty `keyfile`: the key is in the file of the certificate. */
export interface CertificateFiles {
  readonly certfile: string
  readonly keyfile: string
}

interface CertificateSettings extends CertificateFiles {
  readonly certificates: readonly CertificateFiles[]
}

/** The files of all certificates. The first certificate is for clients that send no server name. */
export function certificateFiles(settings: CertificateSettings): readonly CertificateFiles[] {
  const { certfile, keyfile, certificates } = settings
  return certfile === '' ? certificates : [{ certfile, keyfile }, ...certificates]
}
