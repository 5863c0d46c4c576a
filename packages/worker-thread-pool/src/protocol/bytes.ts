/**
 * Bytes on their way to another thread. Small ones are cloned; large ones are transferred, which is cheaper from about
 * 16 KiB on but takes the memory away from the sender.
 */

const transferFrom = 16_384

/** Bytes to post, and what to transfer with them. */
export interface Shipment {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly transfer: readonly ArrayBuffer[]
}

/**
 * Bytes that may be used by others after this, such as what an app writes: an app may write the same buffer again,
 * and a small Buffer is a slice of a pool. Large ones are copied once.
 */
export function shipCopy(bytes: Uint8Array): Shipment {
  const copy = new Uint8Array(bytes)
  return { bytes: copy, transfer: bytes.byteLength >= transferFrom ? [copy.buffer] : [] }
}

/** Bytes that nobody else uses, such as what Node's HTTP parser gives out. Not copied when they own their memory. */
export function shipOwned(bytes: Uint8Array<ArrayBuffer>): Shipment {
  if (bytes.byteLength < transferFrom) return { bytes, transfer: [] }
  return bytes.byteLength === bytes.buffer.byteLength ? { bytes, transfer: [bytes.buffer] } : shipCopy(bytes)
}

/** The same memory as a Buffer, which is what Node's streams give out. */
export function bufferOf(bytes: Uint8Array<ArrayBuffer>): Buffer<ArrayBuffer> {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
