/** The `package.json` of a new worker class. */
import { readFileSync } from 'node:fs'
import { packageNameOf } from './class-name.js'
import type { Language } from './language.js'

const entry = {
  ts: { types: './dist/index.d.ts', default: './dist/index.js' },
  js: './src/index.js',
}

const serve = '--bind 127.0.0.1:8000'

const scripts = {
  ts: {
    build: 'tsc',
    prepare: 'npm run build',
    prestart: 'npm run build',
    start: `tunicorn ./example/app.js --worker-class ./dist/index.js ${serve}`,
    pretest: 'npm run build',
    test: 'node --test test/*.test.js',
  },
  js: {
    start: `tunicorn ./example/app.js --worker-class ./src/index.js ${serve}`,
    test: 'node --test test/*.test.js',
  },
}

export function packageManifest(className: string, language: Language): object {
  const ranges = rangesOfTunicorn()
  const compiler = { '@types/node': '^20.19.0', typescript: '^5.9.0' }
  return {
    name: packageNameOf(className),
    version: '0.1.0',
    description: `Tunicorn worker class: ${className}`,
    license: 'MIT',
    type: 'module',
    keywords: ['tunicorn', 'tunicorn-worker'],
    engines: { node: '>=20.19.0' },
    sideEffects: false,
    files: [language === 'ts' ? 'dist' : 'src'],
    exports: { '.': entry[language], './package.json': './package.json' },
    scripts: scripts[language],
    dependencies: { '@tunicorn/http': ranges('@tunicorn/http') },
    // A peer, because a second copy of the arbiter would be of no use.
    peerDependencies: { '@tunicorn/arbiter': ranges('@tunicorn/arbiter') },
    devDependencies: {
      '@tunicorn/arbiter': ranges('@tunicorn/arbiter'),
      '@tunicorn/test-kit': ranges('@tunicorn/test-kit'),
      ...(language === 'ts' && compiler),
      tunicorn: ranges('tunicorn'),
    },
  }
}

/** The versions that this package was released with, and all later ones that are compatible with them. */
function rangesOfTunicorn(): (name: string) => string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  // The manifest of this package, which a test compares with what is needed here.
  const { devDependencies } = manifest as { readonly devDependencies: Readonly<Record<string, string>> }
  return name => rangeFrom(devDependencies[name] ?? '0.0.0')
}

/** Before 1.0.0, a caret would allow a single minor only. */
function rangeFrom(version: string): string {
  return version.startsWith('0.') ? `>=${version} <1.0.0` : `^${version}`
}
