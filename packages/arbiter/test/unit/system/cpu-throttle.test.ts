import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { CpuThrottle } from '../../../src/system/cpu-throttle.js'

/** A directory in the place of `/`. */
async function rootWith(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly root: string; write(path: string, text: string): Promise<void> }> {
  const directory = await temporaryDirectory()
  const root = `${directory.path}/`
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(root + path), { recursive: true })
    await writeFile(root + path, text)
  }
  for (const [path, text] of Object.entries(files)) await write(path, text)
  return { root, write, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() }
}

const v2 = (usec: number): string => `usage_usec 9\nnr_periods 9\nnr_throttled 9\nthrottled_usec ${usec}\n`
const v1 = (nanoseconds: number): string => `nr_periods 9\nnr_throttled 9\nthrottled_time ${nanoseconds}\n`

describe('throttled time', () => {
  it.each([
    ['of version 2', '0::/web/server', 'sys/fs/cgroup/web/server/cpu.stat', v2(5_000), v2(205_000)],
    ['of version 1', '3:cpu,cpuacct:/web', 'sys/fs/cgroup/cpu,cpuacct/web/cpu.stat', v1(5e6), v1(205e6)],
    ['of version 1, alone', '1:cpuset:/x\n2:cpu:/', 'sys/fs/cgroup/cpu/cpu.stat', v1(5e6), v1(205e6)],
    ['of a group above', '0::/web/server', 'sys/fs/cgroup/web/cpu.stat', v2(0), v2(200_000)],
    ['of a container that sees its group as the root', '0::/', 'sys/fs/cgroup/cpu.stat', v2(0), v2(200_000)],
  ])('%s is what was added since the last call', async (_which, cgroup, path, before, after) => {
    await using machine = await rootWith({ 'proc/self/cgroup': `${cgroup}\n`, [path]: before })
    const throttle = new CpuThrottle(machine.root)
    expect(throttle.takeMs(250)).toBe(0)
    await machine.write(path, after)
    expect(throttle.takeMs(250)).toBe(200)
    expect(throttle.takeMs(250)).toBe(0)
  })

  it('is not more than the time that has passed, although the kernel counts each processor', async () => {
    const path = 'sys/fs/cgroup/cpu.stat'
    await using machine = await rootWith({ 'proc/self/cgroup': '0::/\n', [path]: v2(0) })
    const throttle = new CpuThrottle(machine.root)
    await machine.write(path, v2(900_000))
    expect(throttle.takeMs(250)).toBe(250)
  })

  it('is 0 where there is no quota, no file, or no longer one', async () => {
    await using machine = await rootWith({
      'proc/self/cgroup': '0::/a\n',
      'sys/fs/cgroup/a/cpu.stat': 'usage_usec 9\n',
    })
    expect(new CpuThrottle(machine.root).takeMs(250)).toBe(0)
    expect(new CpuThrottle(`${machine.root}nowhere/`).takeMs(250)).toBe(0)
  })
})
