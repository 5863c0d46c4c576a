/** The options of the class. Any Standard Schema will do; for two numbers none has to be installed. */
import type { StandardSchemaV1 } from '@tunicorn/arbiter/worker'

export interface RespOptions {
  /** Arguments of one command, its name included. @default 1024 */
  readonly maxArguments: number
  /** Bytes of one command, from its first byte to its last. @default 1048576 */
  readonly maxCommandBytes: number
}

const defaults: RespOptions = { maxArguments: 1024, maxCommandBytes: 1_048_576 }

export const respOptions: StandardSchemaV1<Partial<RespOptions>, RespOptions> = {
  '~standard': { version: 1, vendor: 'tunicorn-worker-resp', validate: parse },
}

function parse(given: unknown): StandardSchemaV1.Result<RespOptions> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { issues: [{ message: 'expected an object of options' }] }
  const values: Record<string, unknown> = { ...defaults, ...given }
  const issues = Object.entries(values).flatMap(([name, value]) => {
    if (!(name in defaults)) return [{ path: [name], message: 'there is no such option' }]
    if (Number.isSafeInteger(value) && Number(value) >= 1) return []
    return [{ path: [name], message: `expected a whole number, 1 or more, got ${typeof value} \`${value}\`` }]
  })
  if (issues.length > 0) return { issues }
  return {
    value: { maxArguments: Number(values.maxArguments), maxCommandBytes: Number(values.maxCommandBytes) },
  }
}
