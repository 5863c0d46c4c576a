/** What observers are told has to be a story: every worker from its spawn to its end, every change from where the last one led. */
import { strict as assert } from 'node:assert'
import type { ArbiterObserver } from '../../../src/supervision/observers.js'
import type { WorkerRow, WorkerState } from '../../../src/supervision/worker-table.js'

export class ObserverCheck implements ArbiterObserver {
  readonly #states = new Map<number, WorkerState>()
  readonly #targets = new Map<string, number>()
  #lastAge = 0
  #isReloading = false

  workerChanged({ age, state }: Readonly<WorkerRow>, from: WorkerState | undefined): void {
    assert.equal(from, this.#states.get(age), `the state that worker ${age} comes from`)
    if (from === undefined) assert.ok(age > this.#lastAge, `worker ${age} is told of again`)
    this.#lastAge = Math.max(this.#lastAge, age)
    this.#states.set(age, state)
  }

  exited({ age, pid }: Readonly<WorkerRow>): void {
    assert.equal(this.#states.delete(age), pid !== undefined, `worker ${age} ends once, after its begin`)
  }

  targetChanged(group: string, from: number, to: number): void {
    assert.equal(from, this.#targets.get(group) ?? 0, `the target that ${group} comes from`)
    assert.notEqual(from, to)
    this.#targets.set(group, to)
  }

  reloadBegun(): void {
    assert.ok(!this.#isReloading, 'two reloads run')
    this.#isReloading = true
  }

  reloadEnded(): void {
    assert.ok(this.#isReloading, 'a reload ends that does not run')
    this.#isReloading = false
  }
}
