/** Finds what a user probably meant. Pure. */

/** The closest of `names`, if it is close enough to be what was meant. Case and the separators `-` and `_` do not count. */
export function closestName(given: string, names: Iterable<string>): string | undefined {
  const wanted = plain(given)
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of names) {
    const distance = editDistance(wanted, plain(name))
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  const farthest = Math.max(1, Math.floor(wanted.length / 3))
  return best !== undefined && best.distance <= farthest ? best.name : undefined
}

/** A question to append to a message, or nothing. */
export function didYouMean(given: string, names: Iterable<string>): string {
  const closest = closestName(given, names)
  return closest === undefined ? '' : `. Did you mean \`${closest}\`?`
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

/** The Levenshtein distance: insertions, deletions and substitutions. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [row, letter] of [...left].entries()) {
    const current = [row + 1]
    for (let column = 1; column <= right.length; column += 1) {
      const substituted = (previous[column - 1] ?? 0) + (letter === right[column - 1] ? 0 : 1)
      current.push(Math.min(substituted, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
