/** A code block in a document of this repository. */
export interface CodeBlock {
  readonly language: string
  /** From a comment in the first line, `// app.mjs`. Empty if there is none. */
  readonly fileName: string
  /** Its lines, each with its line break. */
  readonly code: string
}

/** The fenced code blocks of a Markdown text that name their language, in order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
    fileName: /^\/\/ (\S+)\n/.exec(code)?.[1] ?? '',
  }))
}

/** The code of the blocks in one language. */
export function codeIn(markdown: string, language: string): readonly string[] {
  return codeBlocks(markdown).flatMap(block => (block.language === language ? [block.code] : []))
}
