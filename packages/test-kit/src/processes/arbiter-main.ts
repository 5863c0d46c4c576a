/** A real arbiter in a process of its own, so that it can be killed. */
import { Arbiter, type Config, TunicornError } from '@tunicorn/arbiter'
import type { ArbiterReport } from './arbiter-report.js'

const [json = '{}'] = process.argv.slice(2)
// Written by the suite; the arbiter validates it.
const config: Config = JSON.parse(json)
const say = (report: ArbiterReport): void => {
  process.send?.(report)
}

const arbiter = new Arbiter({
  ...config,
  childExit(_server, { pid }, { code, signal }) {
    if (pid !== undefined) say({ type: 'exit', pid, code, signal })
  },
})
try {
  await arbiter.start()
} catch (error) {
  const code = error instanceof TunicornError ? error.code : ''
  say({ type: 'refused', code, message: error instanceof Error ? error.message : String(error) })
  throw error
}
const [address] = arbiter.addresses
if (address !== undefined) say({ type: 'serving', address })
process.once('message', () => {
  void arbiter.stop('kill').then(() => process.exit(0))
})
