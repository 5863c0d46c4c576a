import { checkAllOk, LoadRun, listeningUrl } from '@tunicorn/harness'
import { fromThisRun, serve } from '../supervision/server.js'

/** Workers are recycled after 40 to 50 requests of clients that keep their connections, 11 of them at least. */
export async function recycleUnderLoad(requests: number): Promise<void> {
  await using server = await serve({
    workers: 4,
    args: ['--max-requests', '40', '--max-requests-jitter', '10'],
  })
  const to = await listeningUrl(server)
  await using load = new LoadRun({ to, clients: 8, target: '/?ms=0', check: fromThisRun(server) })
  await load.waitForAnswers(requests)
  await server.waitForTimes('Recycling worker: max-requests', 11, 60_000)
  const report = await load.stop()
  checkAllOk(report)
  const recycled = server.output.split('Recycling worker: max-requests').length - 1
  console.log(
    `maxRequests 40: ${report.requests} requests, ${report.failed} failed, ${recycled} workers recycled`,
  )
  await server.stop()
}
