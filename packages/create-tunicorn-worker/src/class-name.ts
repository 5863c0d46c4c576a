/** Names of worker classes. Pure. */
import { CreateError } from './create-error.js'

const prefix = 'tunicorn-worker-'
/** Names that the arbiter treats as its own classes, whatever is installed. */
const taken = ['sync', 'event-loop', 'thread-pool', 'asgi', 'gevent', 'eventlet', 'gthread', 'uvicorn']
/** npm allows 214 characters for the name of the package. */
const maxLength = 100

/** What is wrong with a name, or `undefined` if it is valid. The name of the package stands for that of the class. */
export function nameProblem(text: string): string | undefined {
  const name = withoutPrefix(text)
  if (name === '') return 'A worker class needs a name'
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    return `A name is lower-case words joined by "-", such as "my-class", got "${name}"`
  if (name.length > maxLength) return `A name has at most ${maxLength} characters, got ${name.length}`
  if (taken.includes(name)) return `"${name}" is the name of a worker class of Tunicorn. Choose another`
  return undefined
}

/** @throws CreateError when the name is not valid */
export function parseClassName(text: string): string {
  const problem = nameProblem(text)
  if (problem !== undefined) throw new CreateError(problem)
  return withoutPrefix(text)
}

export function packageNameOf(className: string): string {
  return `${prefix}${className}`
}

/** `my-class` as part of the name of a JavaScript class: `MyClass`. */
export function pascalCase(className: string): string {
  return className
    .split('-')
    .map(word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('')
}

function withoutPrefix(text: string): string {
  const trimmed = text.trim()
  return trimmed.startsWith(prefix) ? trimmed.slice(prefix.length) : trimmed
}
