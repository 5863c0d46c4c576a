/** Why something cannot be watched, and what to do about it. Pure. */

const limits: ReadonlyMap<unknown, string> = new Map([
  ['ENOSPC', 'watches (fs.inotify.max_user_watches, which all programs of a user share)'],
  ['EMFILE', 'watchers or open files (fs.inotify.max_user_instances, or `ulimit -n`)'],
])

export function watchProblem(error: Error): string {
  const limit = limits.get('code' in error ? error.code : undefined)
  if (limit === undefined) return error.message
  return `the system allows no more ${limit}. Leave directories out with \`reloadIgnore\`, raise the limit, or have the files looked at instead, with CHOKIDAR_USEPOLLING=1`
}
