/** The options of the class. Durations are in seconds; 0 = off unless said otherwise. */
import * as v from 'valibot'

/** Limits of the heap and stack of one thread, in the form that `worker_threads` takes. Absent: Node's own. */
export interface ThreadResourceLimits {
  readonly maxOldGenerationSizeMb?: number | undefined
  readonly maxYoungGenerationSizeMb?: number | undefined
  readonly codeRangeSizeMb?: number | undefined
  readonly stackSizeMb?: number | undefined
}

/** `workerOptions` of the worker class `thread-pool`, with their defaults filled in. */
export interface ThreadPoolOptions {
  /** Threads of one worker. @default the available parallelism, at least 1 */
  readonly threads?: number | undefined
  /** Requests that one thread handles at a time. More than 1 is for handlers that wait. @default 1 */
  readonly concurrency: number
  /** Path prefixes that run in threads. The longest prefix of both lists wins. @default [] */
  readonly threadPaths: readonly string[]
  /** Path prefixes that run on the event loop. Everything else runs in threads. @default [] */
  readonly loopPaths: readonly string[]
  readonly resourceLimits: ThreadResourceLimits
  /** Requests after which a thread is replaced; the replacement starts first. 0 = never. @default 0 */
  readonly maxRequestsPerThread: number
  /** Age at which a thread is replaced; the replacement starts first. Seconds; 0 = never. @default 0 */
  readonly maxThreadAge: number
}

/** The options as users write them. A list of prefixes may also be a single string with commas. */
export type GivenThreadPoolOptions = {
  readonly [Name in keyof ThreadPoolOptions]?:
    | (Name extends 'threadPaths' | 'loopPaths' ? string | string[] : ThreadPoolOptions[Name])
    | undefined
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1))
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0))
const megabytes = v.optional(v.pipe(v.number(), v.gtValue(0)))

const prefixes = v.pipe(
  v.union([
    v.pipe(
      v.string(),
      v.transform(text => text.split(',').map(part => part.trim())),
    ),
    v.array(v.string()),
  ]),
  v.array(v.pipe(v.string(), v.startsWith('/', 'Expected a path prefix that begins with "/"'))),
)

/** For a wrong name, the library's own message would speak of types. */
const sayNames =
  (names: readonly string[]) =>
  (issue: v.StrictObjectIssue): string =>
    issue.expected === 'never'
      ? `there is no such option: the options are ${names.join(', ')}`
      : issue.message

const limits = {
  maxOldGenerationSizeMb: megabytes,
  maxYoungGenerationSizeMb: megabytes,
  codeRangeSizeMb: megabytes,
  stackSizeMb: megabytes,
}

const entries = {
  threads: v.optional(atLeastOne),
  concurrency: v.optional(atLeastOne, 1),
  threadPaths: v.optional(prefixes, []),
  loopPaths: v.optional(prefixes, []),
  resourceLimits: v.optional(v.strictObject(limits, sayNames(Object.keys(limits))), {}),
  maxRequestsPerThread: v.optional(count, 0),
  maxThreadAge: v.optional(seconds, 0),
}

export const threadPoolOptions: v.GenericSchema<GivenThreadPoolOptions, ThreadPoolOptions> = v.strictObject(
  entries,
  sayNames(Object.keys(entries)),
)

/** Prefixes that are listed both for threads and for the event loop. */
export function overlaps({ threadPaths, loopPaths }: ThreadPoolOptions): readonly string[] {
  return loopPaths.filter(prefix => threadPaths.includes(prefix))
}
