/** What the tests read of a `package.json`. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly [field: string]: unknown
}

export function parseManifest(text: string): Manifest {
  const manifest: unknown = JSON.parse(text)
  if (typeof manifest !== 'object' || manifest === null) throw new TypeError('The manifest is not an object')
  const fields: Readonly<Record<string, unknown>> = { ...manifest }
  const { name, version = '0.0.0' } = fields
  if (typeof name !== 'string' || typeof version !== 'string')
    throw new TypeError(`The manifest lacks a name: ${text.slice(0, 200)}`)
  return { ...fields, name, version, private: fields.private === true }
}
