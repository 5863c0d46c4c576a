import { describe, expect, test } from 'vitest'
import { LineBatch } from '../../../src/access-log/line-batch.js'

describe('a batch', () => {
  test('ends every line, and begins anew when it is taken', () => {
    const batch = new LineBatch(100)
    expect(batch.isEmpty).toBe(true)
    batch.add('one')
    batch.add('')
    batch.add('zwölf €')
    expect(batch.isEmpty).toBe(false)
    expect(batch.take().toString()).toBe('one\n\nzwölf €\n')
    expect(batch.isEmpty).toBe(true)
    batch.add('two')
    expect(batch.take().toString()).toBe('two\n')
  })

  test('keeps what was taken while it goes on', () => {
    const batch = new LineBatch(100)
    batch.add('one')
    const taken = batch.take()
    batch.add('two')
    expect(taken.toString()).toBe('one\n')
  })

  test('is full at its size in bytes', () => {
    const batch = new LineBatch(8)
    batch.add('€€')
    expect(batch.isFull).toBe(false)
    batch.add('')
    expect(batch.isFull).toBe(true)
    batch.take()
    expect(batch.isFull).toBe(false)
  })

  test('has room for a line of any length, whatever its characters are', () => {
    const batch = new LineBatch(8)
    const lines = [1, 4_000, 4_096, 4_104, 4_105, 20_000, 3].flatMap(length => [
      'x'.repeat(length),
      '€'.repeat(length),
    ])
    for (const line of lines) batch.add(line)
    expect(batch.take().toString()).toBe(lines.map(line => `${line}\n`).join(''))
  })
})
