import { fstatSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Seats } from '../../../src/process/seats.js'
import { UnnamedFile } from '../../../src/process/unnamed-file.js'
import { ConnectionPage } from '../../../src/protocol/connection-page.js'

test('workers of a group share a page, and see what the others hold', () => {
  const seats = new Seats()
  const [first, second] = [seats.take('web'), seats.take('web')]
  if (!first || !second) throw new Error('no page could be made')
  expect(second.fd).toBe(first.fd)
  new ConnectionPage(first.fd).write(first.number, 7)
  expect(new ConnectionPage(second.fd).read()[first.number]).toBe(8)
  first.leave()
  expect(new ConnectionPage(second.fd).read()[first.number]).toBe(0)
  second.leave()
})

test('a seat that was left is given to the next worker, once', () => {
  const seats = new Seats()
  const [first, second] = [seats.take('web'), seats.take('web')]
  first?.leave()
  first?.leave()
  const [third, fourth] = [seats.take('web'), seats.take('web')]
  expect([first, second, third, fourth].map(seat => seat?.number)).toEqual([0, 1, 0, 2])
  for (const seat of [second, third, fourth]) seat?.leave()
})

test('the page has no name that others could open, and goes with the last worker of the group', () => {
  const seat = new Seats().take('web')
  if (!seat) throw new Error('no page could be made')
  const { nlink, mode } = fstatSync(seat.fd)
  expect({ nlink, mode: mode & 0o777 }).toEqual({ nlink: 0, mode: 0o600 })
  const descriptors = readdirSync('/proc/self/fd').length
  seat.leave()
  expect(readdirSync('/proc/self/fd').length).toBe(descriptors - 1)
})

test('a page whose descriptor the app has closed is one with nobody on it', () => {
  const file = UnnamedFile.open()
  if (!file) throw new Error('no page could be made')
  const page = new ConnectionPage(file.fd)
  page.write(5, 3)
  expect(page.read()[5]).toBe(4)
  file.close()
  page.write(5, 4)
  expect(page.read().every(value => value === 0)).toBe(true)
})
