/** The steps of the guided minute, in their order, and what the page says about each. */

export const tourSteps = ['lost', 'deploy', 'broken', 'blocked', 'killed', 'leak', 'quick'] as const

export type TourStep = (typeof tourSteps)[number]

/** What a step has shown. */
export interface Verdict {
  /** The one thing to remember. */
  readonly figure: string
  readonly text: string
  /** The server has done what it promises. */
  readonly isGood: boolean
}

export interface StepFacts {
  readonly title: string
  /** Shown while the step runs. */
  readonly sentence: string
}

export const stepFacts: Readonly<Record<TourStep, StepFacts>> = {
  lost: {
    title: 'Requests lost',
    sentence: 'The load starts: requests to all four groups, all the while.',
  },
  deploy: {
    title: 'A good deploy',
    sentence: 'New code is deployed: new workers boot, and take over one by one.',
  },
  broken: {
    title: 'A broken deploy',
    sentence: 'Code is deployed that throws while it is loaded.',
  },
  blocked: {
    title: 'A blocked worker',
    sentence:
      'A handler of the asgi worker computes forever: nothing else runs there, until the time-out ends it.',
  },
  killed: {
    title: 'A killed worker',
    sentence: 'The thread-pool worker gets SIGKILL, as when memory runs out.',
  },
  leak: {
    title: 'A leak that never grows',
    sentence: 'Requests to the sync group leak into a global; each has a process of its own.',
  },
  quick: {
    title: 'Quick beside computing',
    sentence:
      'The same load on an event loop and on threads: handlers compute, somebody wants a quick answer.',
  },
}
