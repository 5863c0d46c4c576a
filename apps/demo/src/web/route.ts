import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Refusal } from './guard.js'

/** Answers one request. The worker class turns what it throws into a 500. */
export type Route = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

/** An answer that the page shows unchanged. */
export function sendProblem(response: ServerResponse, status: number, problem: string): void {
  sendJson(response, status, { problem })
}

/** The same for a WebSocket, for which there is no response object. */
export function refusalText({ status, reason }: Refusal): string {
  const phrase = status === 403 ? 'Forbidden' : 'Misdirected Request'
  return `HTTP/1.1 ${status} ${phrase}\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`
}
