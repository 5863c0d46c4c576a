/** Settings that this class cannot honour. */
import type { CheckInput, Issue } from '@tunicorn/arbiter/worker'

/** Only settings that the user gave are reported: the defaults are meant for other classes. */
export function checkSettings({ given, settings }: CheckInput<unknown>): readonly Issue[] {
  const issues: Issue[] = []
  if (given.has('keepAlive') && settings.keepAlive !== 0)
    issues.push({
      path: ['keepAlive'],
      message: 'it has no effect: every response of this class closes its connection. Leave it out',
      severity: 'warning',
    })
  if (given.has('workerConnections') && settings.workerConnections !== 1)
    issues.push({
      path: ['workerConnections'],
      message:
        'it has no effect: a worker of this class accepts one connection at a time. Set `workers` for more',
      severity: 'warning',
    })
  const ofQueue = (['maxConcurrency', 'maxQueue', 'queueTimeout'] as const).filter(name => given.has(name))
  for (const name of ofQueue)
    issues.push({
      path: [name],
      message:
        'it has no effect: a worker of this class has one request, and others wait in the queue of the kernel. `backlog` is its length',
      severity: 'warning',
    })
  return issues
}
