/** Local time as the common log format writes it, made once a second. */

const months: readonly string[] = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'],
  ...['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]

const twoDigits = (value: number): string => String(value).padStart(2, '0')

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
  // Minutes that local time is behind.
  const offset = time.getTimezoneOffset()
  const distance = Math.abs(offset)
  const zone = `${twoDigits(Math.floor(distance / 60))}${twoDigits(distance % 60)}`
  return `[${date}:${clock} ${offset > 0 ? '-' : '+'}${zone}]`
}
