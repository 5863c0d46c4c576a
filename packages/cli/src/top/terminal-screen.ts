/** The terminal: drawn on the alternate screen, so that its earlier contents come back, and read key by key. */
import { emitKeypressEvents, type Key } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import ansiEscapes from 'ansi-escapes'

export interface TerminalStreams {
  readonly stdin: ReadStream
  readonly stdout: WriteStream
}

export interface ScreenListener {
  /** The key's name in Node's readline, such as `ctrl-c`, or the character. */
  key(name: string): void
  resized(): void
  /** The terminal is gone. */
  gone(): void
}

/** For terminals that do not report their size. */
const usual = { columns: 80, rows: 24 }

export class TerminalScreen {
  readonly #stdin: ReadStream
  readonly #stdout: WriteStream
  #stopListening: (() => void) | undefined

  constructor({ stdin, stdout }: TerminalStreams) {
    this.#stdin = stdin
    this.#stdout = stdout
  }

  get size(): { readonly width: number; readonly height: number } {
    const { columns, rows } = this.#stdout
    return { width: columns || usual.columns, height: rows || usual.rows }
  }

  open({ key, resized, gone }: ScreenListener): void {
    const pressed = (text: string | undefined, { name, ctrl }: Key): void =>
      key(ctrl ? `ctrl-${name}` : (name ?? text ?? ''))
    emitKeypressEvents(this.#stdin)
    this.#stdin.setRawMode(true)
    this.#stdin.on('keypress', pressed).once('end', gone).once('error', gone).resume()
    this.#stdout.on('resize', resized).on('error', gone)
    this.#stdout.write(ansiEscapes.enterAlternativeScreen + ansiEscapes.cursorHide)
    this.#stopListening = () => {
      this.#stdin.off('keypress', pressed).off('end', gone).off('error', gone).pause()
      this.#stdout.off('resize', resized)
    }
  }

  /** Expects no more lines than fit, and none longer than the screen is wide. */
  draw(lines: readonly string[]): void {
    // Each line is erased before it is written: after the last column, a terminal would erase the character there.
    const text = lines.map(line => ansiEscapes.eraseEndLine + line).join('\n')
    const rest = lines.length < this.size.height ? `\n${ansiEscapes.eraseDown}` : ''
    this.#stdout.write(ansiEscapes.synchronizedOutput(ansiEscapes.cursorTo(0, 0) + text + rest))
  }

  /** May be called twice, and for a screen that was never opened. */
  close(): void {
    if (!this.#stopListening) return
    this.#stopListening()
    this.#stopListening = undefined
    this.#stdout.write(ansiEscapes.cursorShow + ansiEscapes.exitAlternativeScreen)
    this.#stdin.setRawMode(false)
  }
}
