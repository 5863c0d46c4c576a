import { expect, test } from 'vitest'
import { usableParallelism } from '../../../src/config/parallelism.js'

const oldFolder = '/sys/fs/cgroup/cpu'

const cases: readonly (readonly [string, number, Record<string, string>, number])[] = [
  ['no control group', 8, {}, 8],
  ['a group without a quota', 8, { '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, 8],
  ['a quota of three processors', 8, { '/sys/fs/cgroup/cpu.max': '300000 100000\n' }, 3],
  ['a quota of two and a half', 8, { '/sys/fs/cgroup/cpu.max': '250000 100000\n' }, 2],
  ['a quota of less than one', 8, { '/sys/fs/cgroup/cpu.max': '20000 100000\n' }, 1],
  ['a quota above the processors', 2, { '/sys/fs/cgroup/cpu.max': '900000 100000\n' }, 2],
  [
    'an old group with a quota',
    8,
    { [`${oldFolder}/cpu.cfs_quota_us`]: '400000', [`${oldFolder}/cpu.cfs_period_us`]: '100000' },
    4,
  ],
  [
    'a quota on the group of the process',
    8,
    {
      '/proc/self/cgroup': '0::/system.slice/app.service\n',
      '/sys/fs/cgroup/system.slice/app.service/cpu.max': '200000 100000\n',
    },
    2,
  ],
  [
    'a quota on a group above it, which is lower',
    8,
    {
      '/proc/self/cgroup': '0::/web/app\n',
      '/sys/fs/cgroup/web/app/cpu.max': '600000 100000\n',
      '/sys/fs/cgroup/web/cpu.max': '300000 100000\n',
    },
    3,
  ],
  [
    'a quota on the old group of the process',
    8,
    {
      '/proc/self/cgroup': '4:memory:/app\n3:cpu,cpuacct:/app\n',
      '/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us': '500000',
      '/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us': '100000',
    },
    5,
  ],
  [
    'an old group without one',
    8,
    { [`${oldFolder}/cpu.cfs_quota_us`]: '-1', [`${oldFolder}/cpu.cfs_period_us`]: '100000' },
    8,
  ],
]

for (const [what, processors, files, expected] of cases)
  test(`with ${what}, ${processors} processors mean ${expected} workers`, () => {
    expect(usableParallelism({ processors, read: path => files[path] })).toBe(expected)
  })

test('this machine has at least one usable processor', () => {
  expect(usableParallelism()).toBeGreaterThanOrEqual(1)
})
