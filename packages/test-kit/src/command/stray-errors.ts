/** Errors that nobody handles. Without a test runner around the suite, the first one would end it. */
export class StrayErrors {
  readonly #texts: string[] = []
  readonly #hear = (error: unknown): void => {
    this.#texts.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }

  listen(): void {
    process.on('uncaughtException', this.#hear)
    process.on('unhandledRejection', this.#hear)
  }

  get count(): number {
    return this.#texts.length
  }

  /** Each different error once, with how often it came. */
  format(): string {
    const lines = [...new Set(this.#texts)].map(text => {
      const times = this.#texts.filter(other => other === text).length
      return `  × ${times} ${text.replaceAll('\n', '\n  ')}`
    })
    return `Thrown in the process of the suite, and handled by nobody: what a class calls may throw or reject\n${lines.join('\n')}`
  }
}
