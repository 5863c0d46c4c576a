/** Takes clients away. A driver that cannot do it is no reason to leave the others, or what comes after them. */
import type { DriverClient } from '../driver/driver.js'

export function leaveAll(clients: readonly DriverClient[]): void {
  for (const client of clients)
    try {
      client.leave()
    } catch {
      // A clause that depends on it fails by itself.
    }
}
