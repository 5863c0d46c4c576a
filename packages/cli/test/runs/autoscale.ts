import { checkAllOk, LoadRun, listeningUrl, type RunningProcess, Successors } from '@tunicorn/harness'
import { apps, fromThisRun, serve } from '../supervision/server.js'

/** For machines that are busy with other things. */
const patienceMs = 120_000

/** The server of these runs, and what it is started with beside `args`. */
export function serveBusy(
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Promise<RunningProcess> {
  return serve({ app: `${apps}busy.mjs`, workers: 1, args, ...(env && { env }) })
}

/** A server whose event loops are busy has more workers soon after. */
export async function growUnderLoad(server: RunningProcess, workers: number): Promise<void> {
  const check = fromThisRun(server)
  const to = await listeningUrl(server)
  const clients = {
    to,
    clients: 3 * workers,
    keepAlive: false,
    maxMs: patienceMs,
    timeoutMs: patienceMs,
    check,
  }
  await using load = new LoadRun({ ...clients, target: '/?ms=1000' })
  await server.waitForOutput(new RegExp(`Autoscale: ${workers} workers, before`), patienceMs)
  // Those that came serve it too.
  await server.waitForTimes('Booting worker with pid: ', workers, patienceMs)
  await load.waitForAnswers(clients.clients)
  checkAllOk(await load.stop())
}

/** Work comes and goes, and so do workers: nobody who asks meanwhile loses a request, on whatever connection. */
export async function comeAndGo(): Promise<void> {
  await using server = await serveBusy(['--autoscale', '1-3'])
  const to = await listeningUrl(server)
  const check = fromThisRun(server)
  const others = { to, clients: 2, pauseMs: 50, maxMs: 4 * patienceMs, timeoutMs: patienceMs, check }
  await using kept = new LoadRun({ ...others, keepAlive: true })
  await using fresh = new LoadRun({ ...others, keepAlive: false })
  const startedAt = performance.now()
  await growUnderLoad(server, 3)
  const grownMs = performance.now() - startedAt
  await server.waitForOutput(/Autoscale: 2 workers, before: 3: fewer do/, patienceMs)
  await server.waitForOutput(/Autoscale: 1 worker, before: 2: fewer do/, patienceMs)
  await server.waitForTimes('Worker exiting (pid: ', 2, patienceMs)
  const gone = performance.now() - startedAt - grownMs
  for (const load of [kept, fresh]) {
    await load.waitForAnswers(20)
    const report = await load.stop()
    checkAllOk(report)
    console.log(`${report.requests} requests while workers came and went, ${report.failed} failed`)
  }
  console.log(`3 workers after ${Math.round(grownMs)} ms, 1 again ${Math.round(gone)} ms after the load`)
  await server.stop()
}

/** What an arbiter has learned of its load, the next one goes on with. */
export async function growAndUpgrade(): Promise<void> {
  await using server = await serveBusy(['--autoscale', '1-2'])
  using successors = new Successors(server)
  await growUnderLoad(server, 2)
  const newest = await successors.upgrade()
  // Two of its own, and it begins with them: nothing was measured yet.
  await server.waitForTimes('Booting worker with pid: ', 4, patienceMs)
  process.kill(newest, 'SIGTERM')
  await server.closed
}
