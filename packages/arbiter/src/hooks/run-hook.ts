/** Calls a hook in such a way that neither its error nor its slowness reaches the caller. */
import type { Logger } from '../contract/logger.js'

/** The most time that a hook may take. */
const hookMs = 10_000

export interface HookCall {
  readonly name: string
  readonly run: () => unknown
  readonly log: Logger
  /** @default 10 seconds */
  readonly limitMs?: number
}

/** Resolves when the hook has ended or its time is up. Never rejects: the error is logged. */
export async function runHook(call: HookCall): Promise<void> {
  try {
    await runHookOrThrow(call)
  } catch (error) {
    call.log.error(`The hook \`${call.name}\` failed`, { error })
  }
}

/** Resolves when the hook has ended. @throws what the hook throws, or an Error when its time is up */
export async function runHookOrThrow({ name, run, limitMs = hookMs }: HookCall): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The hook \`${name}\` took longer than ${limitMs / 1_000} s`)),
      limitMs,
    )
  })
  try {
    await Promise.race([run(), limit])
  } finally {
    clearTimeout(timer)
  }
}
