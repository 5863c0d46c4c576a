import { defineConfig } from 'vite'

/** The page. */
export default defineConfig({
  root: 'src/page',
  logLevel: 'warn',
  build: { outDir: '../../dist/page', emptyOutDir: true, target: 'es2022', modulePreload: false },
})
