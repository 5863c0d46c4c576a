/** What one connection of the fuzz sends: some requests, and bytes that must not become one. */
import { framing } from './bodies.js'
import { Dice } from './dice.js'
import { head } from './heads.js'

export interface Stream {
  readonly number: number
  /** Latin-1. */
  readonly bytes: string
  /** How the bytes are cut. */
  readonly pieces: readonly string[]
  /** How many requests were written, right ones and wrong ones. */
  readonly requests: number
}

/** Markers of other requests begin with other numbers, also when a digit of one is lost. */
function markerOf(number: number, place: number | string): string {
  const digits = String(number).padStart(7, '0')
  return `s${digits}-${digits}-${place}`
}

/** The same for the same numbers. */
export function stream(seed: number, number: number): Stream {
  const dice = new Dice(Math.imul(seed + 1, 0x9e3779b1) ^ number)
  const written: string[] = []
  const count = 2 + dice.below(9)
  while (written.length < count) written.push(request(dice, number, written.length))
  const requests = dice.oneIn(6) ? scarred(dice, written.join('')) : written.join('')
  // What takes its body for longer than it is finds more behind it, and an end.
  const behind = Array.from({ length: 8 }, (_, place) => plain(markerOf(number, `z${place}`)))
  const bytes = `${requests}${behind.join('')}${plain(markerOf(number, 'last'), 'Connection: close')}`
  return { number, bytes, pieces: cut(dice, bytes), requests: count + behind.length + 1 }
}

function request(dice: Dice, number: number, place: number): string {
  const hidden = plain(markerOf(number, `h${place}`))
  const content = dice.mostly(
    dice.of(['a=b', '', '0\r\n\r\n', 'x'.repeat(dice.below(100))]),
    [hidden, `0\r\n\r\n${hidden}`, `\r\n${hidden}`],
    3,
  )
  const framed = framing(dice, content)
  return head(dice, markerOf(number, place), framed) + framed.body
}

function plain(marker: string, ...fields: readonly string[]): string {
  return `${['GET / HTTP/1.1', 'Host: h', `X-M: ${marker}`, ...fields].join('\r\n')}\r\n\r\n`
}

/** One to three wounds anywhere. */
function scarred(dice: Dice, text: string): string {
  let scarred = text
  for (let wounds = 1 + dice.below(3); wounds > 0; wounds -= 1) {
    const at = dice.below(scarred.length)
    const length = dice.below(4)
    const insert = dice.of([
      '',
      '\r',
      '\n',
      '\r\n',
      ' ',
      '\t',
      '\0',
      ':',
      ',',
      ';',
      '0',
      '\x80',
      '\x0b',
      scarred.slice(at, at + 20),
    ])
    scarred = scarred.slice(0, at) + insert + scarred.slice(at + length)
  }
  return scarred
}

function cut(dice: Dice, bytes: string): readonly string[] {
  if (dice.oneIn(2)) return [bytes]
  const pieces: string[] = []
  const longest = dice.of([400, 400, 400, 200, 200, 60, 60, 8])
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + dice.below(longest)
    pieces.push(bytes.slice(at, at + length))
    at += length
  }
  return pieces
}
