import * as v from 'valibot'

/** What "deploying" changes in this demo: a file that the config reads on every reload. */
export const releaseSchema = v.strictObject({
  number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Its code throws while it is being loaded. */
  isBroken: v.boolean(),
})

export type Release = v.InferOutput<typeof releaseSchema>
