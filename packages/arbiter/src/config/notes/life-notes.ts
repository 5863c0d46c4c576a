/** How long things may take, when workers are replaced, and how a reload goes. */
import type { SomeNotes } from './setting-note.js'

export const lifeNotes: SomeNotes<
  | 'timeout'
  | 'bootTimeout'
  | 'waitReady'
  | 'gracefulTimeout'
  | 'drainDelay'
  | 'terminationGrace'
  | 'maxRequests'
  | 'maxRequestsJitter'
  | 'maxAge'
  | 'maxRss'
  | 'maxRestarts'
  | 'restartWindow'
  | 'canarySeconds'
  | 'canaryMaxErrors'
  | 'maxSurge'
  | 'maxUnavailable'
  | 'maxProcesses'
  | 'exclusive'
> = {
  timeout: {
    when: 'a blocked worker should be found earlier; a request that only waits does not need a longer timeout',
    example: 10,
    gunicorn: 'timeout',
  },
  bootTimeout: {
    when: 'the app takes longer to load, or a deploy should fail earlier',
    example: 20,
    pm2: 'listen_timeout',
  },
  waitReady: {
    when: 'the app itself says when it can serve, as with PM2',
    example: true,
    pm2: 'wait_ready',
  },
  gracefulTimeout: {
    when: 'requests take longer, or the platform does not wait that long',
    example: 20,
    gunicorn: 'graceful_timeout',
    pm2: 'kill_timeout',
  },
  drainDelay: {
    when: 'a load balancer has to notice that the server is leaving; longer than its check interval times its failed checks',
    example: 5,
  },
  terminationGrace: {
    when: 'a platform kills what has not ended; requests are then never cut because somebody changed only one of the numbers',
    example: 45,
  },
  maxRequests: {
    when: 'the app leaks, and the leak has not been found yet',
    example: 10_000,
    gunicorn: 'max_requests',
  },
  maxRequestsJitter: {
    when: '`maxRequests` is set and there are several workers, so that they are not replaced together',
    example: 1000,
    gunicorn: 'max_requests_jitter',
  },
  maxAge: { when: 'workers should be replaced after a certain time', example: 86_400, pm2: 'cron_restart' },
  maxRss: {
    when: 'memory grows, and must not reach the limit of the container',
    example: '512mb',
    pm2: 'max_memory_restart',
  },
  maxRestarts: {
    when: 'an orchestrator should start the server elsewhere when workers keep crashing',
    example: 10,
    pm2: 'max_restarts',
  },
  restartWindow: {
    when: '`maxRestarts` should count over a different period',
    example: 300,
    pm2: 'min_uptime',
  },
  canarySeconds: {
    when: 'code shows its faults later, or a deploy should finish earlier',
    example: 30,
  },
  canaryMaxErrors: {
    when: 'code that answers with errors should be rolled back like code that crashes, and there are enough requests to tell',
    example: 0.05,
  },
  maxSurge: { when: 'a reload of many workers takes too long, and there is memory for more', example: 4 },
  maxUnavailable: { when: 'there is no memory for one more worker', example: 1 },
  maxProcesses: {
    when: 'requests take long and reloads are frequent, so that draining workers add up',
    example: 6,
  },
  exclusive: {
    when: 'the app consumes a queue or runs jobs, which no two workers may do at the same time',
    example: true,
  },
}
