/** Errors as the command prints them. */
import { TunicornError } from '@tunicorn/arbiter/internal'

/** The text for standard error: one line, or a heading and one line for each problem. */
export async function errorMessage(error: unknown, isColored: boolean): Promise<string> {
  // Imported here because nearly every start ends without an error.
  const { default: pc } = await import('picocolors')
  const name = pc.createColors(isColored).red('tunicorn:')
  const lines = textOf(error).split('\n')
  if (lines.length === 1) return `${name} ${lines[0]}\n`
  const isList = error instanceof TunicornError && error.code === 'CONFIG_INVALID'
  const heading = isList ? [`${lines.length} problems with the configuration:`] : []
  return `${name} ${[...heading, ...lines].join('\n  ')}\n`
}

/** An error without a code is a defect of this program or of Node, and a bug report needs its stack. */
function textOf(error: unknown): string {
  if (error instanceof TunicornError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
