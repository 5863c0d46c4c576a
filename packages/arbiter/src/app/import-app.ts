/** Imports the module of an app, whatever it is written in. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TunicornError } from '../errors.js'
import { esModuleHint } from '../modules/es-module-hint.js'

/** What a module exports, by name. */
export type AppModule = Readonly<Record<string, unknown>>

/** @throws TunicornError `APP_NOT_FOUND`, `APP_LOAD_FAILED` */
export async function importModule(source: {
  readonly url: string
  readonly specifier: string
}): Promise<AppModule> {
  if (source.url.startsWith('file:') && !existsSync(fileURLToPath(source.url)))
    throw new TunicornError(
      'APP_NOT_FOUND',
      `The app \`${source.specifier}\` was not found at ${fileURLToPath(source.url)}`,
    )
  try {
    const module: unknown = await (isTypeScript(source.url)
      ? importTypeScript(source.url)
      : import(source.url))
    return typeof module === 'object' && module !== null ? { ...module } : { default: module }
  } catch (cause) {
    const { locateSyntaxError } = await import('./locate-syntax-error.js')
    const place = await locateSyntaxError(cause, source.url)
    if (place !== undefined && cause instanceof Error) cause.stack = `${place}\n\n${cause.stack}`
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    const where = place === undefined ? '' : ` (${place.split('\n')[0]})`
    throw new TunicornError(
      'APP_LOAD_FAILED',
      `The app \`${source.specifier}\` could not be loaded: ${what}${where}${esModuleHint(cause)}`,
      { cause },
    )
  }
}

const isTypeScript = (url: string): boolean => /\.(?:[cm]?ts|tsx|jsx)$/.test(new URL(url).pathname)

/** Node 20 cannot import TypeScript; one loader for every version gives one behaviour. */
async function importTypeScript(url: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  return createJiti(url, { fsCache: false, interopDefault: false, tryNative: false }).import(
    fileURLToPath(url),
  )
}
