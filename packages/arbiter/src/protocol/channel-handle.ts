/** Node's own end of an IPC channel, for which there is no public interface. */

export interface ChannelHandle {
  /** Called with the data that was read, and without data at the end. */
  onread: (this: unknown, data: ArrayBuffer | undefined) => unknown
  readStop(): number
}

/** The handle of a child process, or of this process. `undefined` where Node keeps it elsewhere. */
export function findChannelHandle(owner: object): ChannelHandle | undefined {
  const symbol = Object.getOwnPropertySymbols(owner).find(
    ({ description }) => description === 'kChannelHandle',
  )
  const handle: unknown = symbol && Reflect.get(owner, symbol)
  const isHandle = typeof handle === 'object' && handle !== null && 'onread' in handle && 'readStop' in handle
  // The check above covers both members that are used.
  return isHandle ? (handle as ChannelHandle) : undefined
}
