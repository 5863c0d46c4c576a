/**
 * Bytes on their way to another thread. Small ones are cloned. Large ones are transferred, which is cheaper from about 16 KiB
 * on, but takes the memory away from the sender.
 */

const transferFrom = 16_384

/** Bytes to post, and what to transfer with them. */
export interface Shipment {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly transfer: readonly ArrayBuffer[]
}

/**
 * Ships bytes that others may still use, such as those that an app writes: an app may write the same buffer again, and a small
 * Buffer is a slice of a pool. Large ones are copied once.
 */
export function shipCopy(bytes: Uint8Array): Shipment {
  const copy = new Uint8Array(bytes)
  return { bytes: copy, transfer: bytes.byteLength >= transferFrom ? [copy.buffer] : [] }
}

/** Ships bytes that nothing else uses, such as those from Node's HTTP parser. They are not copied if they own their memory. */
export function shipOwned(bytes: Uint8Array<ArrayBuffer>): Shipment {
  if (bytes.byteLength < transferFrom) return { bytes, transfer: [] }
  return bytes.byteLength === bytes.buffer.byteLength ? { bytes, transfer: [bytes.buffer] } : shipCopy(bytes)
}

/** The same memory as a Buffer, which is the type that Node's streams emit. */
export function bufferOf(bytes: Uint8Array<ArrayBuffer>): Buffer<ArrayBuffer> {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
