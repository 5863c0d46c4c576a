import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { createSchema, createYoga } from 'graphql-yoga'

const yoga = createYoga({
  schema: createSchema({
    typeDefs: /* GraphQL */ `
      scalar File
      type Query { hello: String }
      type Mutation { size(file: File!): Int }
      type Subscription { ticks: String }
    `,
    resolvers: {
      Query: { hello: () => 'world' },
      Mutation: { size: (_, { file }) => file.size },
      Subscription: {
        ticks: {
          async *subscribe() {
            yield { ticks: 'first' }
            await pause(200)
            yield { ticks: 'last' }
          },
        },
      },
    },
  }),
})

createServer(yoga).listen(4000)
