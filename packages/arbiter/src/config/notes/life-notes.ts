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
    when: 'a blocked worker is to be found earlier; a request that only waits does not need more',
    example: 10,
    gunicorn: 'timeout',
  },
  bootTimeout: {
    when: 'the app takes longer to load, or a deploy is to fail earlier',
    example: 20,
    pm2: 'listen_timeout',
  },
  waitReady: {
    when: 'the app says by itself when it can serve, as with PM2',
    example: true,
    pm2: 'wait_ready',
  },
  gracefulTimeout: {
    when: 'requests take longer, or the platform waits for less',
    example: 20,
    gunicorn: 'graceful_timeout',
    pm2: 'kill_timeout',
  },
  drainDelay: {
    when: 'a balancer has to notice that the server leaves: longer than its interval times its failed checks',
    example: 5,
  },
  terminationGrace: {
    when: 'a platform kills what has not ended: requests are then never cut because somebody has changed one number alone',
    example: 45,
  },
  maxRequests: {
    when: 'the app leaks, and the leak is not found yet',
    example: 10_000,
    gunicorn: 'max_requests',
  },
  maxRequestsJitter: {
    when: '`maxRequests` is set and there are several workers, so that they are not replaced together',
    example: 1000,
    gunicorn: 'max_requests_jitter',
  },
  maxAge: { when: 'workers are to be fresh after a time', example: 86_400, pm2: 'cron_restart' },
  maxRss: {
    when: 'memory grows, and must not reach the limit of the container',
    example: '512mb',
    pm2: 'max_memory_restart',
  },
  maxRestarts: {
    when: 'an orchestrator is to start the server elsewhere when workers keep crashing',
    example: 10,
    pm2: 'max_restarts',
  },
  restartWindow: {
    when: '`maxRestarts` is to count over another time',
    example: 300,
    pm2: 'min_uptime',
  },
  canarySeconds: {
    when: 'code shows its faults later, or a deploy is to be done earlier',
    example: 30,
  },
  canaryMaxErrors: {
    when: 'code that answers with errors is to be rolled back, as code that crashes is, and requests are many enough to tell',
    example: 0.05,
  },
  maxSurge: { when: 'a reload of many workers takes too long, and there is memory for more', example: 4 },
  maxUnavailable: { when: 'there is no memory for a worker more', example: 1 },
  maxProcesses: {
    when: 'requests take long and reloads are frequent, so that draining workers add up',
    example: 6,
  },
  exclusive: { when: 'the app consumes a queue or runs jobs, which no two may do at a time', example: true },
}
