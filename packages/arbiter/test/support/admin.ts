/** Asks the admin address of an arbiter. */
import type { RunningProcess } from '@tunicorn/harness'

/** The URL of `admin`, once the arbiter answers there. `count`: the address that was announced so many times. */
export async function adminAt(server: RunningProcess, count = 1): Promise<string> {
  const match = await server.waitForOutput(new RegExp(`(?:Admin at: (\\S+)[\\s\\S]*?){${count}}`))
  return match[1] ?? ''
}

export interface ProbeAnswer {
  readonly status: number
  readonly ok: boolean
  readonly reason?: string
  readonly ms: number
}

/** Asks one probe. */
export async function probe(url: string): Promise<ProbeAnswer> {
  const startedAt = performance.now()
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  const body: { readonly ok: boolean; readonly reason?: string } = JSON.parse(await response.text())
  return { ...body, status: response.status, ms: performance.now() - startedAt }
}

/** The values of all series, by their text. */
export async function scrape(admin: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${admin}/metrics`, { signal: AbortSignal.timeout(10_000) })
  if (response.status !== 200) throw new Error(`/metrics answered ${response.status}`)
  const lines = (await response.text()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map(line => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))] as const
    }),
  )
}

/** The sum of all series of a metric whose labels contain the text. */
export function total(series: ReadonlyMap<string, number>, name: string, labels = ''): number {
  const values = [...series].filter(([key]) => key.startsWith(`${name}{`) && key.includes(labels))
  return values.reduce((sum, [, value]) => sum + value, 0)
}
