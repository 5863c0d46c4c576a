/** Lines of text in columns. Pure. */

export interface Column<Row> {
  readonly title: string
  /** Right-aligned. */
  readonly isNumber?: boolean
  /** Shown only if there is room. */
  readonly isWide?: boolean
  readonly text: (row: Row) => string
  /** Applied once the width is known, because the characters that colour a text have no width. */
  readonly paint?: (row: Row) => (text: string) => string
}

/** A line of titles, then a line for each row. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  const cells = columns.map(column => ({ column, texts: rows.map(column.text) }))
  const widths = cells.map(({ column, texts }) =>
    Math.max(column.title.length, ...texts.map(text => text.length)),
  )
  const pad = (text: string, index: number): string =>
    columns[index]?.isNumber === true ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)
  const head = columns.map(({ title }, index) => pad(title, index)).join('  ')
  const lines = rows.map((row, position) =>
    cells
      .map(({ column, texts }, index) => {
        const text = pad(texts[position] ?? '', index)
        return column.paint ? column.paint(row)(text) : text
      })
      .join('  '),
  )
  return [head, ...lines]
}
