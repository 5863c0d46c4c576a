/** The setting `reload`: watches the files that the configuration names, and reloads when they change. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import type { ConfigSource, LoadSituation, ResolvedConfig } from '@tunicorn/arbiter'
import type { CommandProcess } from './console/command-process.js'
import type { FileWatcher } from './file-watcher.js'
import { watchProblem } from './watch-problem.js'
import { isSameSet, watchedFiles } from './watched-files.js'

/** A source of configurations that also applies their setting `reload`. Costs nothing while that is off. */
export class DevelopmentReload implements ConfigSource {
  readonly #source: ConfigSource
  readonly #command: CommandProcess
  #watcher: FileWatcher | undefined
  #reload: (() => Promise<void>) | undefined
  #isChanged = false
  #isClosed = false

  constructor(source: ConfigSource, command: CommandProcess) {
    this.#source = source
    this.#command = command
  }

  /** The configuration. Changes from now on are noticed. */
  async load(situation?: LoadSituation): Promise<ResolvedConfig> {
    const config = await this.#source.load(situation)
    await this.#follow(config)
    return config
  }

  /** Calls `reload` for every change, and at once if there already was one. Its errors are in the log. */
  reloadWith(reload: () => Promise<void>): void {
    this.#reload = reload
    if (this.#isChanged) void reload().catch(() => {})
  }

  /** Stops watching and reloading. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#watcher?.close()
  }

  async #follow({ arbiter, groups, file }: ResolvedConfig): Promise<void> {
    if (this.#isClosed) return
    const wanted = arbiter.reload
      ? watchedFiles({
          apps: groups.map(({ app }) => app.url),
          extra: [...arbiter.reloadExtraFiles, ...(file === undefined ? [] : [file])],
          ignored: arbiter.reloadIgnore,
        })
      : undefined
    const former = this.#watcher
    if (former && wanted && isSameSet(former.files, wanted)) return
    this.#watcher = wanted && (await this.#watch(wanted))
    await former?.close()
    // `close` may have been called while the directories were read.
    if (this.#isClosed) await this.#watcher?.close()
  }

  async #watch(files: FileWatcher['files']): Promise<FileWatcher> {
    const { FileWatcher } = await import('./file-watcher.js')
    const { stderr } = this.#command
    for (const path of files.extra.filter(isLostPattern))
      stderr.write(`tunicorn: there is no ${path} to watch: patterns are not understood\n`)
    return FileWatcher.start(files, {
      onChange: paths => this.#onChange(paths),
      onError: error => stderr.write(`tunicorn: some changes will not be seen: ${watchProblem(error)}\n`),
    })
  }

  #onChange(paths: readonly string[]): void {
    if (this.#isClosed) return
    const names = paths.map(path => relative(this.#command.cwd(), path))
    this.#command.stderr.write(`tunicorn: changed: ${names.join(', ')}\n`)
    this.#isChanged = true
    void this.#reload?.().catch(() => {})
  }
}

function isLostPattern(path: string): boolean {
  return /[*?[{]/.test(path) && !existsSync(path)
}
