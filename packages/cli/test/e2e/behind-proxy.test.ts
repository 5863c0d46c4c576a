/** What docs/deploying.md says that the frameworks of node apps have to be told about proxies. */
import { expect, test } from 'vitest'
import { serve } from './support/served.js'

const headers = { 'x-forwarded-for': '6.6.6.6, 203.0.113.7, 10.0.0.1', 'x-forwarded-proto': 'https' }

test.each(['express', 'fastify', 'koa'])(
  'an app of %s learns of the client behind two proxies',
  async name => {
    await using server = await serve(`./behind-proxy/${name}.js`)
    const { text } = await server.ask('/', { headers })
    expect(JSON.parse(text)).toEqual({ scheme: 'https', client: '203.0.113.7' })
  },
)
