/** Tells of changed files, many at once as one change. */
import { type FSWatcher, watch } from 'chokidar'
import { isWatched, type WatchedFiles } from './watched-files.js'

export interface WatchEvents {
  /** Paths that have changed, once they have been quiet for a moment. */
  onChange(paths: readonly string[]): void
  /** Something cannot be watched, for example because the system allows no more watches. Called once. */
  onError(error: Error): void
}

/** Editors and compilers write several files, and one file several times. */
const quietMs = 200

export class FileWatcher {
  readonly files: WatchedFiles
  readonly #watcher: FSWatcher
  readonly #events: WatchEvents
  readonly #changed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #hasFailed = false

  private constructor(files: WatchedFiles, events: WatchEvents) {
    this.files = files
    this.#events = events
    this.#watcher = watch([...files.directories, ...files.extra], {
      ignoreInitial: true,
      // What is no file may be a link to a directory.
      ignored: (path, stats) => stats !== undefined && !isWatched(path, !stats.isFile(), files),
    })
    this.#watcher.on('all', (event, path) => this.#note(path, event === 'addDir' || event === 'unlinkDir'))
    this.#watcher.on('error', error => this.#fail(error))
  }

  /** Resolves when every later change will be seen. */
  static start(files: WatchedFiles, events: WatchEvents): Promise<FileWatcher> {
    const watcher = new FileWatcher(files, events)
    return new Promise(resolve => {
      watcher.#watcher.once('ready', () => resolve(watcher))
    })
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
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
