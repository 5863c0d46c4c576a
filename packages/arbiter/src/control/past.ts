/** The history that an arbiter hands to its successor: the exits and the last reload that the status shows. */
import * as v from 'valibot'
import { exitSchema, lastReloadSchema } from './answer-schemas.js'
import type { ExitStatus, ReloadStatus } from './status.js'

/** It is passed in an environment variable, which holds at most 128 KiB together with everything else in it. */
const maxBytes = 64 * 1_024
const maxExits = 50
const maxText = 300

export interface Past {
  /** By group, newest first. */
  readonly exits: ReadonlyMap<string, readonly ExitStatus[]>
  readonly lastReload: ReloadStatus | null
}

const none: Past = { exits: new Map(), lastReload: null }

const schema: v.GenericSchema<unknown, Past> = v.object({
  exits: v.pipe(
    v.array(v.tuple([v.string(), v.array(exitSchema)])),
    v.transform(entries => new Map(entries)),
  ),
  lastReload: v.nullable(lastReloadSchema),
})

/** Writes what `readPast` reads: the newest exits of all groups, as many as fit. */
export function writePast({ exits, lastReload }: Past): string {
  const newest = [...exits.values()].flat().sort((a, b) => b.at.localeCompare(a.at))
  const kept = new Set(newest.slice(0, maxExits))
  const entries = [...exits].map(([group, list]) => [group, list.filter(exit => kept.has(exit)).map(short)])
  const reload = lastReload && shortReload(lastReload)
  const text = JSON.stringify({ exits: entries, lastReload: reload })
  return Buffer.byteLength(text) > maxBytes ? JSON.stringify({ exits: [], lastReload: reload }) : text
}

/** Returns an empty history if there is none, or if an arbiter of another version wrote it in another form. */
export function readPast(text: string | undefined): Past {
  if (text === undefined) return none
  try {
    return v.parse(schema, JSON.parse(text))
  } catch {
    return none
  }
}

function short(exit: ExitStatus): ExitStatus {
  const { kind, text } = exit.reason
  return { ...exit, reason: { kind, text: text.slice(0, maxText) } }
}

function shortReload(reload: ReloadStatus): ReloadStatus {
  const { error } = reload
  return { ...reload, error: error && { code: error.code, message: error.message.slice(0, maxText) } }
}
