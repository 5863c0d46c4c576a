/** The terminal: drawn on a screen of its own, so that what was there before comes back, and read key by key. */
import { emitKeypressEvents, type Key } from 'node:readline'
import type { ReadStream, WriteStream } from 'node:tty'
import ansiEscapes from 'ansi-escapes'

export interface TerminalStreams {
  readonly stdin: ReadStream
  readonly stdout: WriteStream
}

export interface ScreenListener {
  /** Its name as Node's readline has it, `ctrl-c`, or the character. */
  key(name: string): void
  resized(): void
  /** Nobody is there any more. */
  gone(): void
}

/** Of terminals that do not say how large they are. */
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

  /** No more lines than there is room for, none longer than it is wide. */
  draw(lines: readonly string[]): void {
    // Erased before it is written: behind the last column, a terminal erases what stands there.
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
