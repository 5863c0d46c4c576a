/**
 * What a platform asks about a server: whether it is alive, whether it is ready, and its metrics. The arbiter answers from what
 * it knows, however busy the workers are. Nothing here changes any state.
 */
import { json, type Route, type TextAnswer } from '../control/route.js'
import { metricsContentType } from '../metrics/metrics.js'
import type { Readiness } from './readiness.js'

/** Where the answers come from. */
export interface ProbeSources {
  /** The arbiter's event loop turned a moment ago. */
  isAlive(): boolean
  /** Every group has served at least once. */
  isStarted(): boolean
  readiness(): Readiness
  renderMetrics(): Promise<string>
}

/** Served at the address of `admin` and on the control socket. */
export function probeRoutes({
  isAlive,
  isStarted,
  readiness,
  renderMetrics,
}: ProbeSources): readonly Route[] {
  return [
    get('/livez', () => probeAnswer(isAlive() ? ok : { ok: false, reason: 'stuck' })),
    get('/startupz', () => probeAnswer(isStarted() ? ok : { ok: false, reason: 'starting' })),
    get('/readyz', () => probeAnswer(readinessBody(readiness()))),
    get('/metrics', async () => ({
      type: 'text',
      status: 200,
      contentType: metricsContentType,
      body: await renderMetrics(),
      headers: oneAnswer,
    })),
  ]
}

interface ProbeBody {
  readonly ok: boolean
  readonly reason?: string
  readonly groups?: readonly string[]
}

const ok: ProbeBody = { ok: true }
/** One answer per connection, so that no idle connection is open when the address goes to another arbiter. */
const oneAnswer = { connection: 'close' }

function get(path: string, handle: Route['handle']): Route {
  return { method: 'GET', path, handle }
}

function probeAnswer(body: ProbeBody): TextAnswer {
  return { ...json(body.ok ? 200 : 503, body), headers: oneAnswer }
}

function readinessBody(found: Readiness): ProbeBody {
  if (found.isReady) return ok
  const { reason, groups } = found
  return groups === undefined ? { ok: false, reason } : { ok: false, reason, groups }
}
