/** Debugging needs a free port. Without this check a worker would only wait for one. */
import type { ResolvedConfig } from '../config/settings.js'
import { TunicornError } from '../errors.js'
import { listenProblem } from '../sockets/listen-problem.js'

/** @throws TunicornError `BIND_FAILED` */
export async function requireInspectorPorts({ groups }: ResolvedConfig): Promise<void> {
  for (const { inspector } of groups) {
    const problem = inspector && (await listenProblem(inspector.host, inspector.port))
    if (problem)
      throw new TunicornError(
        'BIND_FAILED',
        `The inspector cannot be opened: ${problem.text}. Name another port, as in --inspect=9230, or 0 for one that is free`,
      )
  }
}
