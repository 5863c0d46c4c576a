/** The frameworks whose apps are built before they are served. Each is installed by itself. */
import { type Framework, usual } from './framework.js'

export const builtFrameworks: readonly Framework[] = [
  {
    name: 'Nitro 2',
    package: 'nitropack',
    folder: 'built/nitro',
    start: './.output/server/index.mjs',
    asks: usual,
  },
  {
    name: 'Nuxt 3',
    package: 'nuxt',
    folder: 'built/nuxt',
    start: './.output/server/index.mjs',
    asks: usual,
  },
  {
    name: 'SvelteKit 2',
    package: '@sveltejs/kit',
    folder: 'built/sveltekit',
    start: './build/index.js',
    asks: usual,
  },
  {
    name: 'Astro 5',
    package: 'astro',
    folder: 'built/astro',
    start: './dist/server/entry.mjs',
    asks: usual,
  },
  {
    name: 'React Router 7',
    package: 'react-router',
    folder: 'built/react-router',
    start: './server.js',
    asks: usual,
    takes: 'a server file, in place of `react-router-serve`',
  },
  {
    name: 'Next.js 15',
    package: 'next',
    folder: 'built/next',
    start: './.next/standalone/server.js',
    asks: usual,
  },
]
