/** `tunicorn ctl scale`: sets the number of workers of one group. */
import { type ControlClient, TunicornError } from '@tunicorn/arbiter/control'
import type { ScaleOrder } from './ctl-order.js'

export interface ScaleParts {
  readonly client: ControlClient
  readonly order: ScaleOrder
  /** Limits the requests that are answered immediately. */
  readonly signal: AbortSignal
  say(line: string): void
}

/** @throws TunicornError `GROUP_UNKNOWN`, `BOOT_FAILED`, … */
export async function scaleGroup({ client, order, signal, say }: ScaleParts): Promise<void> {
  const group = order.group ?? (await onlyGroup(client, signal))
  const wait = order.isAwaited
  const scaled = await client.scale({ group, ...order.change, wait, ...(!wait && { signal }) })
  for (const { name, from, to, isAutoscaleOff } of scaled) {
    const before = from === to ? 'as before' : `before: ${from}`
    const note = isAutoscaleOff ? '; autoscale is off until the next reload' : ''
    say(`${name}: ${to} ${to === 1 ? 'worker' : 'workers'} (${before}${note})`)
  }
}

async function onlyGroup(client: ControlClient, signal: AbortSignal): Promise<string> {
  const { groups } = await client.status({ signal })
  const [first, ...others] = groups.map(({ name }) => name)
  if (first !== undefined && others.length === 0) return first
  const list = groups.map(({ name }) => name).join(', ')
  throw new TunicornError(
    'GROUP_UNKNOWN',
    `Which group? There are: ${list}. For example: tunicorn ctl scale ${first} +1`,
  )
}
