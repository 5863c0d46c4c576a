/** Local time in the common log format, formatted once a second. */
import { twoDigits, utcOffset } from '../utc-offset.js'

const months: readonly string[] = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]

export class CommonLogTime {
  #second = Number.NaN
  #text = ''

  /** `[22/Nov/2026:15:10:25 +0000]`. `at`: milliseconds since 1970. */
  text(at: number): string {
    const second = Math.floor(at / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#text = format(new Date(second * 1_000))
    }
    return this.#text
  }
}

function format(time: Date): string {
  const date = `${twoDigits(time.getDate())}/${months[time.getMonth()]}/${time.getFullYear()}`
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')
  return `[${date}:${clock} ${utcOffset(time)}]`
}
