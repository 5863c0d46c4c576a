import { outputOf } from '../command.js'
import { clientFile } from '../load-tool.js'
import { findPin, unpinned } from '../pinning.js'
import type { Row } from '../row.js'
import { compareThroughput } from '../throughput.js'
import { asgi, barePaths } from './asgi-hello.js'

const CONNECTIONS = '50'

export const row: Row = {
  name: 'asgi-websocket',
  order: 133,
  title: 'One worker, worker class `asgi`, WebSocket echo of 64 bytes, 50 connections',
  measure: bench =>
    compareThroughput(bench, {
      contenders: [barePaths('bare `ws`'), asgi()],
      keepAlive: true,
      isPinned: true,
      target: 0.8,
      load: echoRate,
    }),
}

async function echoRate(url: string, seconds: number): Promise<number> {
  const pin = (await findPin()) ?? unpinned
  const client = [process.execPath, clientFile('websocket-echo.mjs')] as const
  const [command, ...args] = pin(1, [...client, url.replace('http', 'ws'), CONNECTIONS, String(seconds)])
  const rate = Number(await outputOf(command, ...args))
  if (!(rate > 0)) throw new Error(`The WebSocket client saw a failure at ${url}`)
  return rate
}
