import { CreateError } from './create-error.js'

/** What the worker class is written in: TypeScript or JavaScript. */
export type Language = 'ts' | 'js'

const words: ReadonlyMap<string, Language> = new Map([
  ['ts', 'ts'],
  ['typescript', 'ts'],
  ['js', 'js'],
  ['javascript', 'js'],
])

/** @throws CreateError when it is neither */
export function parseLanguage(text: string): Language {
  const language = words.get(text.toLowerCase())
  if (language === undefined) throw new CreateError(`\`--language\` is \`ts\` or \`js\`, got \`${text}\``)
  return language
}
