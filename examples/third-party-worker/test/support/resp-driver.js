/** The client side of the Redis protocol for the conformance suite: each act is a command of the fixture app. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { heldAnswer } from './conformance-app.js'

/** @type {import('@tunicorn/test-kit').Driver} */
export const respDriver = {
  protocol: 'resp',
  acts: ['echo', 'hold', 'leave', 'block', 'reject', 'throw'],
  apps: { resp: new URL('./conformance-app.js', import.meta.url) },
  async connect(address) {
    const socket =
      typeof address === 'string' ? connect(address) : connect({ host: address.address, port: address.port })
    await once(socket, 'connect')
    return new Client(socket)
  },
}

class Client {
  closed
  #socket
  #received = ''
  #isOver = false

  constructor(socket) {
    this.#socket = socket
    socket.setEncoding('latin1').on('data', text => {
      this.#received += text
    })
    socket.on('error', () => {})
    this.closed = new Promise(resolve => {
      socket.on('close', () => {
        this.#isOver = true
        resolve()
      })
    })
  }

  async request(act) {
    this.#socket.write(`*1\r\n$${act.length}\r\n${act}\r\n`)
    const answer = await this.#answer()
    const expected = { hold: heldAnswer, throw: '-ERR internal error' }
    assert.equal(answer, expected[act] ?? act)
    return {}
  }

  leave() {
    this.#socket.destroy()
  }

  /** The next error, or bulk string. */
  async #answer() {
    for (;;) {
      const [line = '', error] = /^(-.*)\r\n/.exec(this.#received) ?? []
      this.#received = this.#received.slice(line.length)
      if (error !== undefined) return error
      const [head = '', length] = /^\$(\d+)\r\n/.exec(this.#received) ?? []
      const end = head.length + Number(length) + 2
      if (length !== undefined && this.#received.length >= end) {
        const text = this.#received.slice(head.length, end - 2)
        this.#received = this.#received.slice(end)
        return text
      }
      if (this.#isOver)
        throw new Error(`The connection ended after ${JSON.stringify(this.#received.slice(0, 99))}`)
      await Promise.race([once(this.#socket, 'data'), this.closed])
    }
  }
}
