/** Which core a process runs on, where `taskset` exists and there are cores to choose from. */
import { availableParallelism } from 'node:os'
import { outputOf } from './command.js'

/** A command line, as `[command, ...args]`. */
export type CommandLine = readonly [string, ...string[]]

/** Puts a command on one core. */
export type Pin = (core: number, command: CommandLine) => CommandLine

export async function findPin(): Promise<Pin | undefined> {
  if (availableParallelism() < 2 || (await outputOf('taskset', '--version')) === undefined) return undefined
  return (core, command) => ['taskset', '-c', String(core), ...command]
}

/** Leaves a command where the kernel puts it. */
export function unpinned(_core: number, command: CommandLine): CommandLine {
  return command
}
