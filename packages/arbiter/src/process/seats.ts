/** The workers' seats on the pages where they share how many connections they hold. Each group has a page. */
import { ConnectionPage, maxSeats } from '../protocol/connection-page.js'
import { UnnamedFile } from './unnamed-file.js'

/** A seat that is taken until it is left. */
export interface Seat {
  readonly fd: number
  readonly number: number
  /** Called when the process is gone, however it ended. */
  leave(): void
}

interface Group {
  readonly file: UnnamedFile
  readonly page: ConnectionPage
  readonly taken: Set<number>
}

export class Seats {
  readonly #groups = new Map<string, Group>()

  /** Returns `undefined` when there is no free seat, or no file can be created. The worker then goes without, and the kernel decides. */
  take(name: string): Seat | undefined {
    const group = this.#groupOf(name)
    if (!group) return undefined
    let number = 0
    while (group.taken.has(number)) number += 1
    if (number >= maxSeats) return undefined
    group.taken.add(number)
    return { fd: group.page.fd, number, leave: () => this.#leave(name, group, number) }
  }

  #groupOf(name: string): Group | undefined {
    const known = this.#groups.get(name)
    if (known) return known
    const file = UnnamedFile.open()
    if (!file) return undefined
    const group = { file, page: new ConnectionPage(file.fd), taken: new Set<number>() }
    this.#groups.set(name, group)
    return group
  }

  #leave(name: string, { file, page, taken }: Group, number: number): void {
    if (!taken.delete(number)) return
    if (taken.size > 0) return page.write(number, undefined)
    this.#groups.delete(name)
    file.close()
  }
}
