import { describe, expect, it } from 'vitest'
import { takeActivation } from '../../../src/sockets/systemd.js'

const pid = 4711

describe('taking the sockets of systemd', () => {
  it('numbers them from 3, with their names in order', () => {
    const env = { LISTEN_PID: '4711', LISTEN_FDS: '2', LISTEN_FDNAMES: 'web:api' }
    expect(takeActivation(env, pid)).toEqual([
      { fd: 3, name: 'web' },
      { fd: 4, name: 'api' },
    ])
  })

  it('calls sockets without names as systemd does', () => {
    expect(takeActivation({ LISTEN_PID: '4711', LISTEN_FDS: '1' }, pid)).toEqual([{ fd: 3, name: 'unknown' }])
  })

  it.each([
    ['are meant for another process', { LISTEN_PID: '4712', LISTEN_FDS: '1', LISTEN_FDNAMES: 'a' }],
    ['name no process', { LISTEN_FDS: '1' }],
    ['are none', { LISTEN_PID: '4711', LISTEN_FDS: '0' }],
    ['are not there', {}],
  ])('takes none when they %s, and leaves no variable', (_why, variables) => {
    const env: NodeJS.ProcessEnv = { ...variables, OTHER: 'stays' }
    expect(takeActivation(env, pid)).toEqual([])
    expect(env).toEqual({ OTHER: 'stays' })
  })

  it.each(['two', '-1', '1.5', '99999', ''])('refuses `%s` as their number', count => {
    const env = { LISTEN_PID: '4711', LISTEN_FDS: count }
    expect(() => takeActivation(env, pid)).toThrow(`LISTEN_FDS must be a number of sockets, got \`${count}\``)
  })
})
