/** Validates the body of a call. */
import * as v from 'valibot'
import { Refusal } from './route.js'

/** @throws Refusal that names the path of each issue */
export function parseBody<Schema extends v.GenericSchema>(
  schema: Schema,
  body: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, body)
  if (result.success) return result.output
  const problems = result.issues.map(issue => {
    const path = v.getDotPath(issue)
    if (issue.type === 'strict_object' && issue.expected === 'never') return `\`${path}\` is not known`
    return path === null ? issue.message : `\`${path}\`: ${issue.message}`
  })
  throw new Refusal(400, `The body is wrong. ${problems.join('; ')}`)
}
