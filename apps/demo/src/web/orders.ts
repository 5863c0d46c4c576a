/** What the page may order: a deploy, another number of workers, the death of a worker. The feed shows the outcome. */
import type { ControlClient } from '@tunicorn/arbiter/control'
import * as v from 'valibot'
import type { DemoDirectory } from '../directory/demo-directory.js'
import { deployRelease } from '../directory/release.js'
import { maxWorkers, scalableLanes } from '../shared/lane.js'
import { readOrder } from './read-order.js'
import { type Route, sendJson, sendProblem } from './route.js'

const deploySchema = v.strictObject({ isBroken: v.boolean() })
const scaleSchema = v.strictObject({ lane: v.picklist(scalableLanes), by: v.picklist([1, -1]) })
const workerSchema = v.strictObject({ pid: v.number() })

/** Puts the next release on the disk and reloads. */
export function deploy(directory: DemoDirectory, control: ControlClient): Route {
  return async (request, response) => {
    const order = await readOrder(deploySchema, request, response)
    if (order === undefined) return
    const release = deployRelease(directory, order.isBroken)
    // This does not wait for the end of the reload, which replaces this worker too.
    await control.reload()
    sendJson(response, 202, release)
  }
}

export function scale(control: ControlClient): Route {
  return async (request, response) => {
    const order = await readOrder(scaleSchema, request, response)
    if (order === undefined) return
    const { groups } = await control.status()
    const target = groups.find(({ name }) => name === order.lane)?.target ?? 0
    const wanted = target + order.by
    if (wanted < 1 || wanted > maxWorkers)
      return sendProblem(response, 409, `This demo allows from 1 to ${maxWorkers} workers per group`)
    await control.scale({ group: order.lane, to: wanted })
    sendJson(response, 202, { lane: order.lane, workers: wanted })
  }
}

/** Kills a worker with SIGKILL, as the kernel would when memory runs out. */
export function kill(control: ControlClient): Route {
  return async (request, response) => {
    const order = await readOrder(workerSchema, request, response)
    if (order === undefined) return
    const { groups } = await control.status()
    // Never kill a process that is not ours: pids are reused.
    if (!groups.some(({ workers }) => workers.some(({ pid }) => pid === order.pid)))
      return sendProblem(response, 404, `No worker has the pid ${order.pid} any more`)
    process.kill(order.pid, 'SIGKILL')
    sendJson(response, 202, order)
  }
}

/** What a worker is doing at this moment, even if it is blocked. */
export function stack(control: ControlClient): Route {
  return async (request, response) => {
    const order = await readOrder(workerSchema, request, response)
    if (order === undefined) return
    try {
      sendJson(response, 200, await control.stack({ worker: order.pid }))
    } catch (error) {
      // It has ended in the meantime, or somebody else is asking it.
      sendProblem(response, 409, error instanceof Error ? error.message : String(error))
    }
  }
}
