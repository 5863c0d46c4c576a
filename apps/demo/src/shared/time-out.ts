/** Seconds after which a worker that gives no sign of life is ended. Short, so that you can see it happen; the default is 30 s. */
export const timeOutSeconds = 4
