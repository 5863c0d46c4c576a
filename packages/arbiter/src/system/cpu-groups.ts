/** The control groups whose CPU quota applies to this process: its own and those above it. Linux only. */

/**
 * Folders of those groups, of version 2 and version 1, as far as this process sees them. In a container, its own group is
 * often the root of what it sees. `text` is the text of `/proc/self/cgroup`, and `mount` is the folder of the control groups.
 */
export function cpuGroups(text: string, mount: string): readonly string[] {
  const unified = /^0::(.*)$/m.exec(text)?.[1]
  const [, controllers, old] = /^\d+:((?:[^:]*,)?cpu(?:,[^:]*)?):(.*)$/m.exec(text) ?? []
  return [
    ...(unified === undefined ? [] : upwards(mount, unified)),
    ...(old === undefined ? [] : upwards(`${mount}/${controllers}`, old)),
  ]
}

function upwards(mount: string, group: string): readonly string[] {
  const names = group.split('/').filter(name => name !== '' && name !== '..')
  return Array.from({ length: names.length + 1 }, (_, count) =>
    [mount, ...names.slice(0, names.length - count)].join('/'),
  )
}
