import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from './guard.js'

/** Answers one request. What it throws becomes a 500, in the worker class. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** An answer that the page shows as it is. */
export function sendProblem(response: ServerResponse, status: number, problem: string): void {
  sendJson(response, status, { problem })
}

/** The same before there is a response: for a WebSocket. */
export function refusalText({ status, reason }: Refusal): string {
  const phrase = status === 403 ? 'Forbidden' : 'Misdirected Request'
  return `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`
}
