/** What the command asks in a terminal. */
import { isCancel, select, text } from '@clack/prompts'
import { nameProblem } from './class-name.js'
import type { Language } from './language.js'

/** The user has cancelled with Ctrl-C or Escape. */
export class Cancelled extends Error {
  override readonly name: string = 'Cancelled'
}

export async function askName(): Promise<string> {
  const name = await text({
    message: 'How is the worker class called?',
    placeholder: 'my-class',
    validate: value => nameProblem(value ?? ''),
  })
  if (isCancel(name)) throw new Cancelled()
  return name
}

export async function askLanguage(): Promise<Language> {
  const language = await select<Language>({
    message: 'What is it written in?',
    options: [
      { value: 'ts', label: 'TypeScript' },
      { value: 'js', label: 'JavaScript' },
    ],
  })
  if (isCancel(language)) throw new Cancelled()
  return language
}
