/** Bodies and what frames them: lengths and chunks that are right, wrong and contradict each other. */
import type { Dice } from './dice.js'
import { type Framing, wrongEnds } from './heads.js'

const lengthNames = [
  'content-length: ',
  'Content-Length:',
  'Content-Length : ',
  'Content_Length: ',
  ' Content-Length: ',
  'Content-Length:\t',
  'Content-Length\0: ',
] as const
const codingNames = [
  'transfer-encoding: ',
  'Transfer-Encoding:',
  'Transfer-Encoding : ',
  'Transfer_Encoding: ',
  ' Transfer-Encoding: ',
  'Transfer-Encoding:\r\n ',
  'Transfer-Encoding:\x0b',
  'X: a\nTransfer-Encoding: ',
  'X: a\rTransfer-Encoding: ',
] as const
const wrongCodings = [
  ...[
    'Chunked',
    'chunked ',
    'chunked, chunked',
    'gzip, chunked',
    'chunked, gzip',
    'identity',
    'identity, chunked',
    'xchunked',
    'chunked;q=1',
  ],
  ...[
    '\x0bchunked',
    '"chunked"',
    '',
    ',',
    'chunked,',
    ',chunked',
    'chun\0ked',
    'chunked\r\nTransfer-Encoding: identity',
    'chunked\x00',
  ],
  ...[
    'chunked\r\nTransfer-Encoding: chunked',
    'identity\r\nTransfer-Encoding: chunked',
    'chunked\r\n , gzip',
    "'chunked'",
    'chunke',
    '\tchunked',
  ],
] as const
const extensions = [
  ';a',
  ';a=b',
  ';a="b"',
  ';a="b;c"',
  '; a = b',
  ';',
  ';a="',
  ';\n',
  ';a\rb',
  ' ',
  '\t',
  ';\0',
  ';\x80',
  ';a\n0',
] as const
const trailers = [
  'X-T: a',
  'X-T: a\r\nX-U: b',
  'Host: i',
  'Content-Length: 5',
  'Transfer-Encoding: chunked',
  'X-M: other',
  'X_T: a',
  'X',
  'X : a',
  ' X: a',
  'X: \0',
  ': a',
] as const

/** `content`: what is to be sent. The body may be another than its fields say. */
export function framing(dice: Dice, content: string): Framing {
  if (dice.oneIn(3)) return { fields: [], body: dice.mostly('', [content], 40) }
  if (dice.oneIn(25)) {
    // Both, in either order.
    const fields = [lengthField(dice, content), codingField(dice)]
    if (dice.oneIn(2)) fields.reverse()
    return { fields, body: dice.oneIn(2) ? content : chunks(dice, content) }
  }
  if (dice.oneIn(2)) {
    const field = lengthField(dice, content)
    return { fields: dice.oneIn(40) ? [field, lengthField(dice, content)] : [field], body: content }
  }
  return { fields: [codingField(dice)], body: chunks(dice, content) }
}

function lengthField(dice: Dice, { length }: string): string {
  const wrong = [
    ...[
      `${length + 1}`,
      `${Math.max(0, length - 1)}`,
      `+${length}`,
      `-${length}`,
      `${length},${length}`,
      `${length}, ${length}`,
    ],
    ...[
      `0${length}`,
      `0x${length.toString(16)}`,
      `${length}.0`,
      `${length} `,
      ` ${length}`,
      `${length}e0`,
      '',
      ' ',
      'a',
      '0',
      '00',
    ],
    ...[
      `${length}\0`,
      `${length} 1`,
      `${length}\r\n 1`,
      `${length}\t`,
      '99999999999999999999',
      '18446744073709551616',
      `${length};`,
    ],
    ...[
      `${length}\r\nContent-Length: ${length}`,
      `${length}\r\nContent-Length: ${length + 1}`,
      `\x0b${length}`,

      'NaN',
    ],
  ] as const
  return dice.mostly('Content-Length: ', lengthNames, 40) + dice.mostly(`${length}`, wrong, 12)
}

function codingField(dice: Dice): string {
  return dice.mostly('Transfer-Encoding: ', codingNames, 40) + dice.mostly('chunked', wrongCodings, 12)
}

function chunks(dice: Dice, content: string): string {
  const end = (): string => dice.mostly('\r\n', wrongEnds, 60)
  let text = ''
  for (let at = 0; at < content.length; ) {
    const piece = content.slice(at, at + 1 + dice.below(40))
    at += piece.length
    text += size(dice, piece.length) + end() + piece + end()
  }
  const last = dice.mostly('0', ['00', '000000000000000000', '', '-0', '0x0', '+0', ' 0', '0 ', 'g'], 40)
  const extension = dice.mostly('', extensions, 40)
  const fields = dice.mostly('', trailers, 20)
  return `${text}${last}${extension}${end()}${fields === '' ? '' : fields + end()}${end()}`
}

function size(dice: Dice, length: number): string {
  const hex = length.toString(16)
  const wrong = [
    ...[
      hex.toUpperCase(),
      `0${hex}`,
      `000000000${hex}`,
      `0x${hex}`,
      `+${hex}`,
      `-${hex}`,
      ` ${hex}`,
      `${hex} `,
      `${hex}\t`,
      'g',
      '',
    ],
    ...[
      (length + 1).toString(16),
      (length - 1).toString(16),
      `${hex}_`,
      `${hex}h`,
      'ffffffffffffffff',
      '10000000000000000',
      `${hex}.0`,
    ],
  ] as const
  return dice.mostly(hex, wrong, 40) + dice.mostly('', extensions, 40)
}
