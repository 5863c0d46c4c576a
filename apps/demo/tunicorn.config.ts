import { defineConfig } from 'tunicorn'

export default defineConfig({
  app: './src/app.ts',
  workerClass: 'event-loop',
  workers: 2,
  bind: '127.0.0.1:8000',

  // In each worker, before it loads the app: an app knows its pid, but not its generation.
  postFork: ({ generation }) => {
    process.env.DEMO_GENERATION = String(generation)
  },
})
