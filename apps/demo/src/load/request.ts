/** One request of a load run, on a connection of its own: what a new client of the server sees. */
import { request as httpRequest } from 'node:http'
import * as v from 'valibot'
import type { Work } from '../shared/work.js'

/** Longer than any group's `timeout`, so that it is the server that says when something takes too long. */
const patienceMs = 12_000

const answerSchema = v.object({ pid: v.number(), leaked: v.number() })

export type WorkAnswer = v.InferOutput<typeof answerSchema>

export interface Target {
  readonly socketPath: string
  readonly headers: Readonly<Record<string, string>>
}

/** @returns which process answered, and how often it has leaked. @throws Error when there was no good answer */
export async function askForWork(work: Work, target: Target): Promise<WorkAnswer> {
  const { status, body } = await exchange(`/work/${work}`, target)
  if (status !== 200) throw new Error(`status ${status}`)
  return v.parse(answerSchema, JSON.parse(body))
}

function exchange(
  path: string,
  { socketPath, headers }: Target,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patienceMs)
    const request = httpRequest({ socketPath, path, headers, signal, method: 'POST', agent: false })
    request.on('error', reject)
    request.on('response', response => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => {
        body += part
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.end()
  })
}
