/** Seconds after which a worker that gives no sign of life is ended. Short, so that one sees it happen; the default is 30 s. */
export const timeOutSeconds = 4
