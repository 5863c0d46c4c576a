/** The code blocks of the documents of this repository. */
import { readFile } from 'node:fs/promises'

export interface CodeBlock {
  readonly language: string
  /** Named by a comment in the first line, `// app.mjs`; empty where there is none. */
  readonly fileName: string
  readonly code: string
}

const documents = new URL('../../../../docs/', import.meta.url)

export async function readDocument(name: string): Promise<string> {
  return readFile(new URL(name, documents), 'utf8')
}

/** `name`: of a file in `docs`, or a path from there. */
export async function codeBlocks(name: string): Promise<readonly CodeBlock[]> {
  const text = await readDocument(name)
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
    fileName: /^\/\/ (\S+)\n/.exec(code)?.[1] ?? '',
  }))
}
