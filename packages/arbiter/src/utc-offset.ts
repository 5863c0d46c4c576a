/** How far local time is ahead of UTC at this time, in hours and minutes, such as `+0000`. */
export function utcOffset(time: Date): string {
  // Minutes by which local time is behind UTC.
  const behind = time.getTimezoneOffset()
  const distance = Math.abs(behind)
  return `${behind > 0 ? '-' : '+'}${twoDigits(Math.floor(distance / 60))}${twoDigits(distance % 60)}`
}

export const twoDigits = (value: number): string => String(value).padStart(2, '0')
