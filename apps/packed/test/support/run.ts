import { type ProcessOptions, startProcess } from '@tunicorn/harness'

/** Runs a command to its end. Resolves with its output; rejects with it when the exit code is not the expected one. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  { exitCode = 0, ...options }: ProcessOptions & { readonly exitCode?: number } = {},
): Promise<string> {
  await using running = await startProcess(command, args, options)
  const { code, signal } = await running.closed
  if (code !== exitCode)
    throw new Error(`\`${command} ${args.join(' ')}\` ended with ${code ?? signal}:\n${running.output}`)
  return running.output
}
