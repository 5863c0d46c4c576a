/** The code blocks of the documents of this repository. */
import { readFile } from 'node:fs/promises'
import { type CodeBlock, codeBlocks } from '@tunicorn/harness'

const documents = new URL('../../../../docs/', import.meta.url)

export async function readDocument(name: string): Promise<string> {
  return readFile(new URL(name, documents), 'utf8')
}

/** `name`: of a file in `docs`, or a path from there. */
export async function blocksOf(name: string): Promise<readonly CodeBlock[]> {
  return codeBlocks(await readDocument(name))
}
