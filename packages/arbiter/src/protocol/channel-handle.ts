/** Node's own end of an IPC channel, for which there is no public interface. */

export interface ChannelHandle {
  /** Called with what was read, and with nothing at the end. */
  onread: (this: unknown, data: ArrayBuffer | undefined) => unknown
  readStop(): number
}

/** Of a child process, or of this process. `undefined` where Node keeps it elsewhere. */
export function findChannelHandle(owner: object): ChannelHandle | undefined {
  const symbol = Object.getOwnPropertySymbols(owner).find(
    ({ description }) => description === 'kChannelHandle',
  )
  const handle: unknown = symbol && Reflect.get(owner, symbol)
  const isHandle = typeof handle === 'object' && handle !== null && 'onread' in handle && 'readStop' in handle
  // The two members that are used are there.
  return isHandle ? (handle as ChannelHandle) : undefined
}
