/**
 * Resources that were not there before. They have no names of their own: two timers appear as `Timeout` twice. Pure.
 */
export function resourcesBeyond(known: readonly string[], now: readonly string[]): readonly string[] {
  const rest = [...known]
  return now.filter(name => {
    const index = rest.indexOf(name)
    if (index !== -1) rest.splice(index, 1)
    return index === -1
  })
}

/** The resources in words, with the number of each. Pure. */
export function listResources(names: readonly string[]): string {
  const each = [...new Set(names)].map(name => {
    const count = names.filter(other => other === name).length
    return count === 1 ? name : `${name} × ${count}`
  })
  return each.length === 0 ? 'nothing that Node knows' : each.join(', ')
}
