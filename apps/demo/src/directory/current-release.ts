/** The release that a worker runs, from the environment that its generation was started with. */

/** @returns its number. @throws Error if it is broken, as code that does not work would on import */
export function currentRelease(): number {
  const number = Number(process.env.DEMO_RELEASE ?? 1)
  if (process.env.DEMO_RELEASE_IS_BROKEN === 'true')
    throw new Error(`Release ${number} is broken: it was deployed to show that nothing happens`)
  return number
}
