/** The frameworks that need no build. All apps are installed at once. */
import { type Framework, usual } from './framework.js'

const byTheApp = /closed by the app/

function graphql(query: string): string {
  return JSON.stringify({ query })
}

/** As its specification says: https://github.com/jaydenseric/graphql-multipart-request-spec */
function graphqlUpload(): FormData {
  const form = new FormData()
  const query = 'mutation ($file: File!) { size(file: $file) }'
  form.set('operations', JSON.stringify({ query, variables: { file: null } }))
  form.set('map', JSON.stringify({ 0: ['variables.file'] }))
  form.set('0', new Blob([new Uint8Array(100_000)]), 'photo.bin')
  return form
}

const json = { 'content-type': 'application/json' }

export const lightFrameworks: readonly Framework[] = [
  ...[4, 5].map(major => ({
    name: `Express ${major}`,
    package: 'express',
    folder: `light/express${major}`,
    start: './server.js',
    asks: usual,
    farewell: byTheApp,
  })),
  {
    name: 'Fastify 5',
    package: 'fastify',
    folder: 'light/fastify',
    start: './server.js',
    asks: usual,
    farewell: byTheApp,
  },
  { name: 'Koa 3', package: 'koa', folder: 'light/koa', start: './server.js', asks: usual },
  {
    name: 'Hono 4',
    package: 'hono',
    folder: 'light/hono',
    start: './server.js',
    asks: usual,
    farewell: byTheApp,
  },
  {
    name: 'Hono 4, `upgradeWebSocket`',
    package: '@hono/node-ws',
    folder: 'light/hono-ws',
    start: './server.js',
    asks: { json: usual.json },
    sockets: 'ws',
    farewell: byTheApp,
  },
  { name: 'h3 1', package: 'h3', folder: 'light/h3', start: './server.js', asks: usual },
  ...(['express', 'fastify'] as const).map(adapter => ({
    name: `NestJS 11 on ${adapter === 'express' ? 'Express' : 'Fastify'}`,
    package: '@nestjs/core',
    folder: `light/nest-${adapter}`,
    start: './src/main.ts',
    asks: usual,
    farewell: byTheApp,
  })),
  {
    name: 'NestJS 11, exported',
    package: '@nestjs/core',
    folder: 'light/nest-fastify',
    start: './src/exported.ts',
    asks: usual,
    farewell: byTheApp,
  },
  {
    name: 'hapi 21',
    package: '@hapi/hapi',
    folder: 'light/hapi',
    start: './server.js',
    asks: usual,
    farewell: byTheApp,
  },
  {
    name: 'Socket.IO 4',
    package: 'socket.io',
    folder: 'light/socket-io',
    start: './server.js',
    asks: { json: usual.json },
    sockets: 'socket.io',
    farewell: byTheApp,
  },
  {
    name: 'ws 8',
    package: 'ws',
    folder: 'light/ws',
    start: './server.js',
    asks: { json: usual.json },
    sockets: 'ws',
    farewell: byTheApp,
  },
  {
    name: 'tRPC 11',
    package: '@trpc/server',
    folder: 'light/trpc',
    start: './server.js',
    asks: {
      json: { path: '/hello', answer: /"data":\{"hello":"world"\}/ },
      post: { path: '/echo', headers: json, body: '{"text":"loud"}', answer: /"data":\{"text":"loud"\}/ },
      stream: { path: '/ticks', headers: { accept: 'text/event-stream' }, answer: /"first"[\s\S]*"last"/ },
    },
  },
  {
    name: 'GraphQL Yoga 5',
    package: 'graphql-yoga',
    folder: 'light/yoga',
    start: './server.js',
    asks: {
      json: { path: '/graphql?query={hello}', answer: /^\{"data":\{"hello":"world"\}\}$/ },
      post: { path: '/graphql', headers: json, body: graphql('{hello}'), answer: /"hello":"world"/ },
      upload: { path: '/graphql', body: graphqlUpload(), answer: /"size":100000/ },
      stream: {
        path: '/graphql',
        headers: { ...json, accept: 'text/event-stream' },
        body: graphql('subscription { ticks }'),
        answer: /"first"[\s\S]*"last"/,
      },
    },
  },
  {
    name: 'Apollo Server 5',
    package: '@apollo/server',
    folder: 'light/apollo',
    start: './server.js',
    asks: {
      json: {
        path: '/?query={hello}',
        headers: { 'apollo-require-preflight': 'yes' },
        answer: /^\{"data":\{"hello":"world"\}\}\n$/,
      },
      post: {
        path: '/',
        headers: json,
        body: graphql('mutation { echo(text: "loud") }'),
        answer: /"echo":"loud"/,
      },
    },
    farewell: byTheApp,
  },
]
