/** Makes clients leave. A driver that fails at it must not keep the other clients, or stop what comes after them. */
import type { DriverClient } from '../driver/driver.js'

export function leaveAll(clients: readonly DriverClient[]): void {
  for (const client of clients)
    try {
      client.leave()
    } catch {
      // A clause that depends on it fails anyway.
    }
}
