import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'

const server = new ApolloServer({
  typeDefs: `#graphql
    type Query { hello: String }
    type Mutation { echo(text: String!): String }
  `,
  resolvers: {
    Query: { hello: () => 'world' },
    Mutation: { echo: (_, { text }) => text },
  },
  plugins: [
    { serverWillStart: async () => ({ serverWillStop: async () => console.log('closed by the app') }) },
  ],
})

const { url } = await startStandaloneServer(server, { listen: { port: 4000 } })
console.log(`Ready at ${url}`)
