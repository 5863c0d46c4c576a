/** Whether a process ends by itself once everything in it has been closed. */
import assert from 'node:assert/strict'
import type { LifeReport } from '../processes/life-plan.js'
import { listResources } from '../processes/resources-beyond.js'
import type { Child } from '../rig/child.js'
import type { Scene } from '../scene/scene.js'

export async function isProcessOver(scene: Scene, child: Child<LifeReport>): Promise<void> {
  try {
    await scene.within(child.ended(), 'the process to end by itself after `close`')
  } catch (error) {
    const kept =
      child.reports.flatMap(report => (report.type === 'kept' ? [report.resources] : [])).at(-1) ?? []
    throw new assert.AssertionError({
      message: `${error instanceof Error ? error.message : error}. What keeps it (\`process.getActiveResourcesInfo()\`): ${listResources(kept)}`,
    })
  }
  assert.deepEqual(child.exit, { code: 0, signal: null }, child.output)
}
