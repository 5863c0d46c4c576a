/** Checks whether the options for OpenSSL fit together. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'

/** What is wrong with a certificate and a key, in words that follow the names of the files. */
export function pairProblem(cert: string, key: string): string | undefined {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(cert)
  } catch {
    return 'the certificate is not PEM, or not a certificate'
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key))
    return 'the key has a passphrase. Give one without (openssl pkey -in KEY -out NEW)'
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return 'the key is not the one of the certificate'
  } catch {
    return 'the key is not PEM, or not a private key'
  }
  return contextProblem({ cert, key })
}

/** What OpenSSL says about the options, if it refuses them. */
export function contextProblem(options: SecureContextOptions): string | undefined {
  try {
    createSecureContext(options)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
