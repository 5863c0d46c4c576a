import { expect, test } from 'vitest'
import { listenCall } from '../../../src/app/asked-address.js'

test.each([
  [[3000], { port: 3000 }],
  [['3000', 'localhost'], { port: 3000, host: 'localhost' }],
  [[{ port: 3000, host: '::1' }], { port: 3000, host: '::1' }],
  // What is built with SvelteKit names all three.
  [[{ path: false, host: '0.0.0.0', port: '3000' }], { port: 3000, host: '0.0.0.0' }],
  // As for Node, a port comes before a path.
  [[{ path: '/tmp/app.sock', port: 3000 }], { port: 3000 }],
  [[{ fd: undefined, port: 3000 }], { port: 3000 }],
])('`listen(...%j)` asks for a port', (args, asked) => {
  expect(listenCall(args)?.asked).toEqual(asked)
})

test.each([
  [[]],
  [[0]],
  [['/tmp/app.sock']],
  [[{ path: '/tmp/app.sock' }]],
  [[{ fd: 3 }]],
  [[{ fd: 3, port: 3000 }]],
  [[{ handle: {}, port: 3000 }]],
])('`listen(...%j)` asks for no port that was chosen', args => {
  expect(listenCall(args)).toBeUndefined()
})
