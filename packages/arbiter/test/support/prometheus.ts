/** A real Prometheus, from the packages of the distribution, that scrapes one address. */
import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { codeIn, type RunningProcess, startProcess } from '@tunicorn/harness'
import { metricsDocument } from './documented-metrics.js'

export function hasPrometheus(): boolean {
  return spawnSync('prometheus', ['--version']).error === undefined
}

/** A value at a moment, in seconds. */
type Sample = readonly [at: number, value: string]

export interface Series {
  readonly metric: Readonly<Record<string, string>>
  /** Of an instant query. */
  readonly value: Sample
  /** Of a range selector. */
  readonly values: readonly Sample[]
}

export class Prometheus implements AsyncDisposable {
  readonly #process: RunningProcess
  readonly #url: string

  private constructor(process: RunningProcess, url: string) {
    this.#process = process
    this.#url = url
  }

  /** With the configuration of docs/metrics.md, but for the target and the interval. */
  static async start(target: string, directory: string, intervalMs: number): Promise<Prometheus> {
    if (!hasPrometheus()) throw new Error('`prometheus` is missing. Run: apt-get install prometheus')
    const blocks = codeIn(await readFile(metricsDocument, 'utf8'), 'yaml')
    const scrape = blocks.find(code => code.startsWith('scrape_configs:')) ?? ''
    const interval = `global: { scrape_interval: ${intervalMs}ms, scrape_timeout: ${intervalMs}ms }\n`
    const file = `${directory}/prometheus.yml`
    await writeFile(file, interval + scrape.replace('127.0.0.1:9100', target))
    const process = await startProcess('prometheus', [
      `--config.file=${file}`,
      `--storage.tsdb.path=${directory}/data`,
      '--web.listen-address=127.0.0.1:0',
    ])
    const [, address = ''] = await process.waitForOutput(/"Listening on" address=(127\.0\.0\.1:[1-9]\d*)/)
    await process.waitForOutput(/Server is ready to receive web requests/)
    return new Prometheus(process, `http://${address}`)
  }

  /** The result of a query in its own language. */
  async query(query: string): Promise<readonly Series[]> {
    const response = await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query })}`)
    const body: {
      readonly status: string
      readonly error?: string
      readonly data: { readonly result: readonly Series[] }
    } = JSON.parse(await response.text())
    if (body.status !== 'success') throw new Error(`${query}: ${body.error}`)
    return body.data.result
  }

  /** Every value of every series. */
  async values(query: string): Promise<readonly number[]> {
    return (await this.query(query)).map(({ value }) => Number(value[1]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }
}
