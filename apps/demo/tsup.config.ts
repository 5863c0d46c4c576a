import type { Options } from 'tsup'

/** The four apps and the load runner, file by file: what is in `src` is in `dist` under the same name. */
const config: Options = {
  entry: ['src/**/*.ts', '!src/page/**'],
  format: 'esm',
  target: 'node20',
  bundle: false,
  // The stack of a blocked worker names lines of `src`.
  sourcemap: true,
  silent: true,
}

export default config
