/** Reports changed files. Many changes in quick succession count as one. */
import { realpathSync, unwatchFile, watchFile } from 'node:fs'
import { type FSWatcher, watch } from 'chokidar'
import { isWatched, type WatchedFiles } from './watched-files.js'

export interface WatchEvents {
  /** Paths that have changed, reported once there has been no change for a moment. */
  onChange(paths: readonly string[]): void
  /** Something cannot be watched, for example because the system allows no more watches. Called once. */
  onError(error: Error): void
}

/** Editors and compilers write several files at once, and a file several times. */
const quietMs = 200
const linkPollMs = 500

export class FileWatcher {
  readonly files: WatchedFiles
  readonly #watcher: FSWatcher
  readonly #links: readonly string[]
  readonly #events: WatchEvents
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #hasFailed = false

  private constructor(files: WatchedFiles, events: WatchEvents) {
    this.files = files
    this.#events = events
    this.#watcher = watch([...files.directories, ...files.extra], {
      ignoreInitial: true,
      // Anything that is not a file may be a link to a directory.
      ignored: (path, stats) => stats !== undefined && !isWatched(path, !stats.isFile(), files),
    })
    this.#watcher.on('all', (event, path) => this.#note(path, event === 'addDir' || event === 'unlinkDir'))
    this.#watcher.on('error', error => this.#fail(error))
    // The system reports changes of a link's target, but not a link on the way that comes to point elsewhere.
    this.#links = files.extra.filter(isReachedByLink)
    for (const path of this.#links)
      watchFile(path, { interval: linkPollMs }, (now, before) => {
        if (now.ino !== before.ino || now.mtimeMs !== before.mtimeMs) this.#note(path, now.isDirectory())
      })
  }

  /** Resolves once every later change will be noticed. */
  static start(files: WatchedFiles, events: WatchEvents): Promise<FileWatcher> {
    const watcher = new FileWatcher(files, events)
    return new Promise(resolve => {
      watcher.#watcher.once('ready', () => resolve(watcher))
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    for (const path of this.#links) unwatchFile(path)
    await this.#watcher.close()
  }

  #note(path: string, isDirectory: boolean): void {
    if (isDirectory || !isWatched(path, false, this.files)) return
    this.#changed.add(path)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const paths = [...this.#changed]
      this.#changed.clear()
      this.#events.onChange(paths)
    }, quietMs)
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#events.onError(error instanceof Error ? error : new Error(String(error)))
  }
}

function isReachedByLink(path: string): boolean {
  try {
    return realpathSync(path) !== path
  } catch {
    // The file does not exist yet.
    return false
  }
}
