import { defineConfig } from 'tunicorn'

export default defineConfig({
  app: './src/app.ts',
  workerClass: 'event-loop',
  workers: 2,
  bind: '127.0.0.1:8000',
})
