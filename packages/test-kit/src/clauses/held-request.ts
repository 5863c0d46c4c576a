/** A request that the app has and does not answer before its cue. */
import type { DriverAnswer, DriverClient } from '../driver/driver.js'
import type { Scene } from '../scene/scene.js'
import type { Stage } from '../stage/stage.js'

export interface HeldRequest {
  readonly client: DriverClient
  readonly answer: Promise<DriverAnswer>
}

interface Connectable {
  readonly stage: Stage
  connect(): Promise<DriverClient>
}

/** Resolves when the app has the request. */
export async function holdRequest(scene: Scene, worker: Connectable): Promise<HeldRequest> {
  const client = await worker.connect()
  const answer = client.request('hold')
  // The caller that awaits it still sees the rejection.
  answer.catch(() => {})
  await scene.within(worker.stage.until('hold'), 'the app to get a request')
  return { client, answer }
}
