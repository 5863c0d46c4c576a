import { expect, test } from 'vitest'
import type { Address } from '../../../src/sockets/address.js'
import { encryptedSockets } from '../../../src/supervision/encrypted.js'

const tcp = { type: 'tcp', host: '127.0.0.1', port: 80 } as const
const bound = { address: '127.0.0.1', family: 'IPv4', port: 80 }

function encrypted(addresses: readonly Address[], tls?: object): readonly boolean[] {
  const sockets = addresses.map(({ type }) => ({ address: type === 'unix' ? '/run/a.sock' : bound }))
  return encryptedSockets({ group: { addresses }, sockets, tls })
}

test('without a certificate no address is encrypted', () => {
  expect(encrypted([tcp, { ...tcp, isTls: true }])).toEqual([false, false])
})

test('where no address says https, every one of TCP is encrypted, also one that was passed', () => {
  expect(encrypted([tcp, { type: 'fd', fd: 3 }, { type: 'unix', path: '/run/a.sock' }], {})).toEqual([
    true,
    true,
    false,
  ])
})

test('where one says https, only those that say it are', () => {
  expect(encrypted([tcp, { ...tcp, isTls: true }, { type: 'fd', fd: 3 }], {})).toEqual([false, true, false])
})
