/** One request over an agent, which ends in exactly one outcome class. */
import { type Agent, type IncomingMessage, request } from 'node:http'
import type { Answer, RequestResult } from './load-report.js'

/** How a request ended, except for what only its connection knows. */
type Ending = Omit<RequestResult, 'isReused' | 'ms'>

export interface RequestPlan {
  readonly connection: { readonly port: number; readonly host: string } | { readonly path: string }
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
  readonly expectedStatus: number
  readonly timeoutMs: number
  readonly check: ((answer: Answer) => string | undefined) | undefined
}

const NO_CONNECTION: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT', 'EAGAIN', 'EADDRNOTAVAIL'])

/** Never rejects. */
export function perform(plan: RequestPlan, agent: Agent, client: number): Promise<RequestResult> {
  return new Promise(resolve => {
    const { connection, method, target, headers, body, timeoutMs } = plan
    const where =
      'path' in connection
        ? { socketPath: connection.path }
        : { host: connection.host, port: connection.port }
    let head: IncomingMessage | undefined
    const startedAt = performance.now()
    const outgoing = request({ ...where, agent, method, path: target, headers })
    const end = (result: Ending): void => {
      clearTimeout(timer)
      resolve({ ...result, isReused: outgoing.reusedSocket, ms: performance.now() - startedAt })
    }
    const timer = setTimeout(() => {
      const seen = head === undefined ? 'no head' : 'an incomplete body'
      end({ outcome: 'timeout', detail: `${seen} after ${timeoutMs} ms` })
      outgoing.destroy()
    }, timeoutMs)

    outgoing.on('error', error => end(head === undefined ? classify(error) : cut(error.message)))
    outgoing.on('response', response => {
      head = response
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', error => end(cut(`${error.message} after ${text.length} characters`)))
      response.on('end', () => {
        if (!response.complete) return end(cut(`the body ended after ${text.length} characters`))
        const { statusCode: status = 0, headers } = response
        end(judge(plan, { status, headers, body: text, client, isReused: outgoing.reusedSocket }))
      })
    })
    outgoing.end(body)
  })
}

function judge({ expectedStatus, check }: RequestPlan, answer: Answer): Ending {
  if (answer.status !== expectedStatus) {
    const detail = `status ${answer.status} instead of ${expectedStatus}: ${answer.body.slice(0, 200)}`
    return { outcome: 'badStatus', detail }
  }
  try {
    return { outcome: 'ok', detail: '', label: check?.(answer) }
  } catch (error) {
    return { outcome: 'shortBody', detail: `${String(error)}; the body was ${answer.body.slice(0, 200)}` }
  }
}

function cut(detail: string): Ending {
  return { outcome: 'shortBody', detail }
}

function classify(error: NodeJS.ErrnoException): Ending {
  const code = error.code ?? ''
  const detail = `${code} ${error.message}`
  if (NO_CONNECTION.has(code)) return { outcome: 'refused', detail }
  if (code.startsWith('HPE_')) return { outcome: 'badStatus', detail }
  return { outcome: 'reset', detail }
}
