/** What a document of this repository shows as code. */
export interface CodeBlock {
  readonly language: string
  /** Named by a comment in the first line, `// app.mjs`; empty where there is none. */
  readonly fileName: string
  /** Its lines, each with its end. */
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

/** The code of those in one language. */
export function codeIn(markdown: string, language: string): readonly string[] {
  return codeBlocks(markdown).flatMap(block => (block.language === language ? [block.code] : []))
}
