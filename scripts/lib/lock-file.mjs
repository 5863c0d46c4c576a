/**
 * Optional packages of other platforms in `package-lock.json`. npm leaves out those that it could not load while it wrote
 * the file. `npm ci` then fails, there and everywhere else, because the file does not match the manifests.
 */

const systems = new Map([
  ['android', 'android'],
  ['darwin', 'darwin'],
  ['freebsd', 'freebsd'],
  ['linux', 'linux'],
  ['netbsd', 'netbsd'],
  ['openbsd', 'openbsd'],
  ['openharmony', 'openharmony'],
  ['sunos', 'sunos'],
  ['win32', 'win32'],
  ['windows', 'win32'],
])
const processors = new Map([
  ['64', 'x64'],
  ['arm', 'arm'],
  ['arm64', 'arm64'],
  ['ia32', 'ia32'],
  ['loong64', 'loong64'],
  ['ppc64', 'ppc64'],
  ['riscv64', 'riscv64'],
  ['s390x', 's390x'],
  ['x64', 'x64'],
])

/** The optional dependencies with an exact version that have no entry: `{ name, version, parent, isDevelopment }`. */
export function missingOptionals({ packages }) {
  const missing = new Map()
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!/^\d/.test(version) || entryOf(packages, parent, name) !== undefined) continue
      missing.set(name, { name, version, parent, isDevelopment: dev === true })
    }
  }
  return [...missing.values()]
}

/** Where Node.js would find `name` from `parent`: in its own folder, then outwards. */
function entryOf(packages, parent, name) {
  const folders = parent.split('/node_modules/')
  for (let depth = folders.length; depth > 0; depth--) {
    const entry = packages[`${folders.slice(0, depth).join('/node_modules/')}/node_modules/${name}`]
    if (entry !== undefined) return entry
  }
  return packages[`node_modules/${name}`]
}

/**
 * An entry as npm would write it, without the hash. The platform is read from the name, because these packages are named
 * after it. Without a platform, npm would install the package everywhere.
 */
export function optionalEntry({ name, version, isDevelopment }) {
  const words = name.split('/').at(-1).split('-')
  const os = words.map(word => systems.get(word)).find(system => system !== undefined)
  const cpu = words.map(word => processors.get(word)).find(processor => processor !== undefined)
  if (os === undefined || cpu === undefined) throw new Error(`The name ${name} does not tell its platform`)
  const isMusl = words.some(word => word.startsWith('musl'))
  return {
    version,
    cpu: [cpu],
    ...(isDevelopment && { dev: true }),
    ...(os === 'linux' && { libc: [isMusl ? 'musl' : 'glibc'] }),
    optional: true,
    os: [os],
  }
}
