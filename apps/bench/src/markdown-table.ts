/** A table in Markdown. */

/** The column heads, then the lines. Laid out as the formatter would. */
export function markdownTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map(cells => cells[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [first = [], ...others] = lines
  return [line(first), line(widths.map(width => '-'.repeat(width))), ...others.map(line)].join('\n')
}
