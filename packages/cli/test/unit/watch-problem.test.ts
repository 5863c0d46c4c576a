import { expect, test } from 'vitest'
import { watchProblem } from '../../src/watch-problem.js'

const failure = (code: string): Error => Object.assign(new Error(`${code}: it failed, watch '/x'`), { code })

test('a limit of the system is told by its name, with what to do', () => {
  expect(watchProblem(failure('ENOSPC'))).toBe(
    'the system allows no more watches (fs.inotify.max_user_watches, which all programs of a user share). Leave directories out with `reloadIgnore`, raise the limit, or have the files looked at instead, with CHOKIDAR_USEPOLLING=1',
  )
  expect(watchProblem(failure('EMFILE'))).toBe(
    'the system allows no more watchers or open files (fs.inotify.max_user_instances, or `ulimit -n`). Leave directories out with `reloadIgnore`, raise the limit, or have the files looked at instead, with CHOKIDAR_USEPOLLING=1',
  )
})

test('any other problem is told in the words of the system', () => {
  expect(watchProblem(failure('EACCES'))).toBe("EACCES: it failed, watch '/x'")
})
