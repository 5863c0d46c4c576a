import { setTimeout as pause } from 'node:timers/promises'
import { initTRPC } from '@trpc/server'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
import { z } from 'zod'

const t = initTRPC.create()
const router = t.router({
  hello: t.procedure.query(() => ({ hello: 'world' })),
  echo: t.procedure.input(z.object({ text: z.string() })).mutation(({ input }) => input),
  ticks: t.procedure.subscription(async function* ticks() {
    yield 'first'
    await pause(200)
    yield 'last'
  }),
})

createHTTPServer({ router }).listen(3000)
