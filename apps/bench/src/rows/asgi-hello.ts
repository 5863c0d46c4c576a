import { tunicornMain } from '@tunicorn/harness'
import { bareNode, type Contender, serverFile } from '../contender.js'
import { pythonWith } from '../python.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'

export const row: Row = {
  name: 'asgi-hello',
  order: 130,
  title: 'One worker, worker class `asgi`, hello, keep-alive, server and load on different cores',
  measure: async bench => {
    const peer = await uvicorn()
    const measurement = await compareThroughput(bench, {
      contenders: [bareNode(), asgi(), ...(peer === undefined ? [] : [peer])],
      keepAlive: true,
      isPinned: true,
      target: 0.85,
    })
    if (peer !== undefined) return measurement
    return { ...measurement, notes: [...(measurement.notes ?? []), 'uvicorn: not installed'] }
  },
}

/** The app of kind `asgi` in one worker of the class. */
export function asgi(...more: readonly string[]): Contender {
  const args = [serverFile('asgi-app.mjs'), '-k', 'asgi', '-w', '1', '-b', '127.0.0.1:0', ...more]
  return { name: 'Tunicorn', command: [process.execPath, tunicornMain, ...args] }
}

/** The same paths and the same WebSocket echo without Tunicorn. */
export function barePaths(name = 'bare `node:http`'): Contender {
  return { name, command: [process.execPath, serverFile('bare-paths.mjs')] }
}

/** uvicorn, if it is installed with its fast parts. The aim is to be 1.2 times as fast. */
async function uvicorn(): Promise<Contender | undefined> {
  const python = await pythonWith(['uvicorn', 'uvloop', 'httptools'], ['uvicorn[standard]'])
  if (python === undefined) return undefined
  return { name: 'uvicorn (uvloop, httptools)', command: [python, serverFile('asgi_app.py')] }
}
