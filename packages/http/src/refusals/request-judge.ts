/** Decides about requests according to the settings. */
import type { IncomingMessage } from 'node:http'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import { ForwardedReader } from '../forwarded/forwarded-reader.js'
import { schemeJudge } from '../forwarded/scheme-judge.js'
import { HeadJudge, type Verdict } from './head-judge.js'
import type { Refusal } from './refusal.js'

export type RequestJudge = (req: IncomingMessage) => Verdict

const scheme: Refusal = { status: 400, reason: 'scheme' }

export function requestJudge(settings: WorkerSettings): RequestJudge {
  const head = new HeadJudge(settings)
  const disagree = schemeJudge(new ForwardedReader(settings))
  if (disagree === undefined) return req => head.judge(req)
  return req => {
    const verdict = head.judge(req)
    return verdict.refusal === undefined && disagree(req) ? { ...verdict, refusal: scheme } : verdict
  }
}
