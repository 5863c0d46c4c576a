/** The same, after a while. */
import { setTimeout as pause } from 'node:timers/promises'

await pause(1_000)

export { default } from './identity.mjs'
