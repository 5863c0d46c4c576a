/** Whether a process ends by itself once everything in it was closed. */
import assert from 'node:assert/strict'
import type { LifeReport } from '../processes/life-plan.js'
import type { Child } from '../rig/child.js'
import type { Scene } from '../scene/scene.js'

export async function isProcessOver(scene: Scene, child: Child<LifeReport>): Promise<void> {
  await scene.within(child.ended(), 'the process to end by itself after `close`')
  assert.deepEqual(child.exit, { code: 0, signal: null }, child.output)
}
