/** The groups of `tunicorn.config.ts`, in the order in which the page shows them. */
export const lanes = ['isolated', 'web', 'cpu', 'live'] as const

/** A group: the demo has one of each worker class. */
export type Lane = (typeof lanes)[number]

export function isLane(value: unknown): value is Lane {
  return lanes.some(lane => lane === value)
}

/** Groups whose number of workers the page may change. The room of `live` is in the memory of its one worker. */
export const scalableLanes: readonly Lane[] = ['isolated', 'web', 'cpu']

/** The most workers that one group may be scaled to. */
export const maxWorkers = 4
