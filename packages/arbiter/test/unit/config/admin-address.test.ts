import { expect, test } from 'vitest'
import { adminAddressOf, parseAdminAddress } from '../../../src/config/admin-address.js'

test('a port alone is private', () => {
  expect(adminAddressOf(':9100')).toEqual({ type: 'tcp', host: '127.0.0.1', port: 9100 })
})

test('a host is taken as it is', () => {
  expect(adminAddressOf('0.0.0.0:9100')).toEqual({ type: 'tcp', host: '0.0.0.0', port: 9100 })
  expect(adminAddressOf('[::1]:9100')).toEqual({ type: 'tcp', host: '::1', port: 9100 })
})

test('`off` is no address', () => {
  expect(adminAddressOf('off')).toBeUndefined()
})

test('only TCP is possible', () => {
  expect(parseAdminAddress('unix:/run/admin.sock')).toMatchObject({ ok: false })
  expect(parseAdminAddress('fd://3')).toMatchObject({ ok: false })
})
