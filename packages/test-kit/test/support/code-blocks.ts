/** The code blocks of the documents of this repository. */
import { readFile } from 'node:fs/promises'

export interface CodeBlock {
  readonly language: string
  /** Named by a comment in the first line, `// app.mjs`; empty where there is none. */
  readonly fileName: string
  readonly code: string
}

export async function readDocument(name: string): Promise<string> {
  return readFile(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')
}

export async function codeBlocks(name: string): Promise<readonly CodeBlock[]> {
  const text = await readDocument(name)
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({
    language,
    code,
    fileName: /^\/\/ (\S+)\n/.exec(code)?.[1] ?? '',
  }))
}
