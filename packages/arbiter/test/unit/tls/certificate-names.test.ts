import { expect, test } from 'vitest'
import { certificateNames } from '../../../src/tls/certificate-names.js'

test('the names are those of subjectAltName, in lower case and each once', () => {
  const subjectAltName = 'DNS:Example.org, DNS:*.example.org, IP Address:192.0.2.1, DNS:example.org'
  expect(certificateNames({ subjectAltName, subject: 'CN=other.org' })).toEqual([
    'example.org',
    '*.example.org',
  ])
})

test('without subjectAltName the common name counts', () => {
  expect(certificateNames({ subjectAltName: undefined, subject: 'O=Tests\nCN=old.example' })).toEqual([
    'old.example',
  ])
})

test('what is no host name is left out', () => {
  const subjectAltName = 'DNS:"a, DNS:evil.org", DNS:a.*.org, IP Address:192.0.2.1'
  expect(certificateNames({ subjectAltName, subject: '' })).toEqual([])
  expect(certificateNames({ subjectAltName: undefined, subject: 'CN=Jane Doe' })).toEqual([])
})
