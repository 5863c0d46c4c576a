// Throws at options that are `null`.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

const validate = given => {
  const names = Object.getOwnPropertyNames(given === undefined ? {} : given)
  if (names.length === 0) return { value: {} }
  return { issues: names.map(name => ({ message: 'there is no such option', path: [name] })) }
}

export default derive(eventLoop, { options: { '~standard': { version: 1, vendor: 'known-bad', validate } } })
