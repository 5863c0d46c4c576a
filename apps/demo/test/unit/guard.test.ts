import { expect, test } from 'vitest'
import { type Caller, refusalOf } from '../../src/web/guard.js'

const token = 'the token of the page'
const page: Caller = {
  method: 'POST',
  host: '127.0.0.1:8000',
  origin: 'http://127.0.0.1:8000',
  token,
  address: '127.0.0.1',
}

const statusOf = (changes: Partial<Caller>): number | undefined =>
  refusalOf({ ...page, ...changes }, token)?.status

test('the page may change something, under each name of this machine', () => {
  for (const host of ['127.0.0.1:8000', 'localhost:8000', '[::1]:8000', 'localhost'])
    expect(statusOf({ host, origin: `http://${host}` })).toBeUndefined()
})

test('a client without a browser may read without the token, and change something with it', () => {
  expect(statusOf({ method: 'GET', origin: undefined, token: undefined })).toBeUndefined()
  expect(statusOf({ origin: undefined })).toBeUndefined()
  expect(statusOf({ origin: undefined, address: undefined })).toBeUndefined()
})

test('a change needs the token, and the right one', () => {
  for (const wrong of [undefined, '', 'another', `${token}.`, token.slice(1)])
    expect(statusOf({ token: wrong })).toBe(403)
})

test('a foreign name that leads to this machine is refused, for reading too', () => {
  for (const host of ['evil.example:8000', 'localhost.evil.example', '127.0.0.1.evil.example', undefined, ''])
    expect(statusOf({ method: 'GET', host, origin: undefined })).toBe(421)
})

test('a page of another origin is refused, even with the token', () => {
  for (const origin of ['http://evil.example', 'http://127.0.0.1:9000', 'https://127.0.0.1:8000', 'null'])
    expect(statusOf({ origin })).toBe(403)
})

test('another machine is refused, for reading too', () => {
  for (const address of ['192.168.1.7', '::ffff:10.0.0.1', '2001:db8::1'])
    expect(statusOf({ method: 'GET', address })).toBe(403)
  for (const address of ['127.0.0.2', '::1', '::ffff:127.0.0.1'])
    expect(statusOf({ address })).toBeUndefined()
})
