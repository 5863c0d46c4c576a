/** What the operating system knows about processes. */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

interface Row {
  readonly pid: number
  readonly parent: number
  /** It has ended, and its parent has not reaped it yet. */
  readonly isZombie: boolean
}

/** The processes that this one has started, those that they have started, and so on. */
export async function descendants(pid: number): Promise<readonly number[]> {
  const all = await rows()
  const found = new Set([pid])
  // A child may have a smaller pid than its parent, so look until nothing new is found.
  for (let known = 0; known < found.size; ) {
    known = found.size
    for (const row of all) if (found.has(row.parent)) found.add(row.pid)
  }
  found.delete(pid)
  return [...found]
}

/** Those of the processes that are alive. */
export async function alive(pids: readonly number[]): Promise<readonly number[]> {
  if (pids.length === 0) return []
  const running = new Set((await rows()).filter(({ isZombie }) => !isZombie).map(({ pid }) => pid))
  return pids.filter(pid => running.has(pid))
}

/** Kills those of the processes that are alive. */
export async function endAll(pids: readonly number[]): Promise<void> {
  for (const pid of await alive(pids)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended in the meantime.
    }
  }
}

/** `ps` is not installed everywhere, and not every system has `/proc`. */
function rows(): Promise<readonly Row[]> {
  return process.platform === 'linux' ? rowsOfProc() : rowsOfPs()
}

async function rowsOfProc(): Promise<readonly Row[]> {
  const names = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const texts = await Promise.all(
    // A process that has ended since has no file.
    names.map(name => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')),
  )
  return texts.flatMap(text => {
    // The name of the program is in parentheses and may contain anything.
    const [, pid, state, parent] = /^(\d+) \(.*\) (\w) (\d+)/s.exec(text) ?? []
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), isZombie: state === 'Z' }]
  })
}

async function rowsOfPs(): Promise<readonly Row[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat='])
  return stdout.split('\n').flatMap(line => {
    const [, pid, parent, state = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)/.exec(line) ?? []
    return pid === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), isZombie: state.startsWith('Z') }]
  })
}
