/** What a collector of OpenTelemetry does for an exporter: OTLP over HTTP, in JSON. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

interface Span {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  /** Which library has made it. */
  readonly scope: string
  /** Of the process that has sent it. */
  readonly service: string
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string }
}

/** As opentelemetry-proto has it, `trace/v1`. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string }
      readonly spans: readonly Omit<Span, 'scope' | 'service'>[]
    }[]
  }[]
}

export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly spans: readonly Span[]
  readonly problems: readonly string[]
}

export async function startCollector(): Promise<Collector> {
  const spans: Span[] = []
  const problems: string[] = []
  const server = createServer((req, res) => {
    if (req.method !== 'POST' || req.url !== '/v1/traces') problems.push(`${req.method} ${req.url}`)
    void json(req).then(
      body => {
        spans.push(...spansIn(body))
        res.setHeader('content-type', 'application/json').end('{}')
      },
      error => {
        problems.push(String(error))
        res.writeHead(400).end()
      },
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    problems,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** What is not as the exporter promises fails the test. */
function spansIn(body: unknown): readonly Span[] {
  const { resourceSpans } = body as ExportRequest
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? ''
    return scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(span => ({ ...span, scope: scope.name, service })),
    )
  })
}
