/** Waits until the worker has accepted what the kernel holds for it. */
import type { HttpService } from '@tunicorn/http'
import { expect } from 'vitest'

export async function hasConnections(service: HttpService, count: number): Promise<void> {
  await expect.poll(() => service.stats().connections).toBe(count)
}
