import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'

export default new Hono()
  .get('/info', context => context.json(getConnInfo(context).remote))
  .get('/text', context => context.text('some text'))
