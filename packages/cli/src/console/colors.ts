import type { CommandProcess } from './command-process.js'

/** Whether what is written to the stream may have colours. */
export function hasColors(stream: CommandProcess['stdout'], { env }: Pick<CommandProcess, 'env'>): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}
