/** Reads the forwarded fields of a request, as far as they can be trusted. */
import type { IncomingMessage } from 'node:http'
import type { WorkerSettings } from '@tunicorn/arbiter/worker'
import type { Forwarded } from './forwarded.js'
import { parseForwarded } from './forwarded-elements.js'
import { type NodeName, parseNodeName } from './node-name.js'
import { TrustedPeers } from './trusted-peers.js'

type Scheme = 'http' | 'https'

const hostPattern = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i
/** No empty segment, which would make the next one a host, and no dot segments, which would lead out of the prefix. */
const prefixPattern = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~!$&'()*+,;=:@%-]+)+$/

/**
 * Every proxy appends to these lists, so the nearest proxies wrote the entries on the right. Only entries of trusted
 * proxies count: what a client puts on the left is never trusted.
 */
export class ForwardedReader {
  /** In lower case. */
  readonly listed: ReadonlySet<string>
  readonly #peers: TrustedPeers
  readonly #names: readonly string[]

  /** @throws TypeError when a peer is neither an address, a CIDR range nor `*` */
  constructor(settings: Pick<WorkerSettings, 'forwardedAllowIps' | 'forwardedHeaders'>) {
    this.#peers = new TrustedPeers(settings.forwardedAllowIps)
    this.#names = settings.forwardedHeaders.map(name => name.toLowerCase())
    this.listed = new Set(this.#names)
  }

  /** `undefined` when the request has none of the listed fields, or its peer is not trusted. */
  read(req: IncomingMessage): Forwarded | undefined {
    if (!this.#isFrom(req)) return undefined
    const standard = this.#standard(req)
    if (standard !== undefined) return { ...this.#extras(req, 1), ...standard }
    const chain = this.#list(req, 'x-forwarded-for').map(parseNodeName)
    const { hops, client } = walk(chain, this.#peers)
    const scheme = schemeOf(this.#entry(req, 'x-forwarded-proto', hops)) ?? this.#ssl(req, hops)
    const host = hostOf(this.#entry(req, 'x-forwarded-host', hops))
    return { ...this.#extras(req, hops), ...(scheme && { scheme }), ...host, ...clientOf(client) }
  }

  /** Every scheme that one of the listed fields names. Empty when the peer is not trusted. */
  schemes(req: IncomingMessage): readonly Scheme[] {
    if (!this.#isFrom(req)) return []
    const { hops } = walk(this.#list(req, 'x-forwarded-for').map(parseNodeName), this.#peers)
    const named = [
      schemeOf(this.#entry(req, 'x-forwarded-proto', hops)),
      this.#ssl(req, hops),
      this.#standard(req)?.scheme,
    ]
    return named.flatMap(scheme => scheme ?? [])
  }

  #isFrom(req: IncomingMessage): boolean {
    const { headers } = req
    return (
      this.#names.some(name => headers[name] !== undefined) && this.#peers.trusts(req.socket.remoteAddress)
    )
  }

  /** What `Forwarded` says: empty when it is malformed, `undefined` when it is absent. */
  #standard(req: IncomingMessage): Forwarded | undefined {
    const { forwarded } = req.headers
    if (forwarded === undefined || !this.listed.has('forwarded')) return undefined
    const elements = parseForwarded(forwarded) ?? []
    const { hops, client } = walk(
      elements.map(element => parseNodeName(element.get('for') ?? '')),
      this.#peers,
    )
    const element = entryOf(elements, hops)
    const scheme = schemeOf(element?.get('proto'))
    return { ...(scheme && { scheme }), ...hostOf(element?.get('host')), ...clientOf(client) }
  }

  /** What `Forwarded` has no parameter for. */
  #extras(req: IncomingMessage, hops: number): Forwarded {
    const port = this.#entry(req, 'x-forwarded-port', hops)
    const prefix = this.#entry(req, 'x-forwarded-prefix', hops)?.replace(/\/$/, '')
    return {
      ...(port !== undefined && isPort(port) ? { port: Number(port) } : {}),
      ...(prefix !== undefined && prefixPattern.test(prefix) ? { prefix } : {}),
    }
  }

  #ssl(req: IncomingMessage, hops: number): Scheme | undefined {
    const value = this.#entry(req, 'x-forwarded-ssl', hops)?.toLowerCase()
    if (value === 'on') return 'https'
    return value === 'off' ? 'http' : undefined
  }

  #entry(req: IncomingMessage, name: string, hops: number): string | undefined {
    return entryOf(this.#list(req, name), hops)
  }

  /** Empty entries count: whoever wrote the entry to the right of one did not write the entry to its left. */
  #list(req: IncomingMessage, name: string): readonly string[] {
    const value = this.listed.has(name) ? req.headers[name] : undefined
    if (value === undefined) return []
    return (Array.isArray(value) ? value.join(',') : value).split(',').map(part => part.trim())
  }
}

interface Walk {
  /** How many proxies in a row are trusted, from the peer outwards. */
  readonly hops: number
  readonly client: NodeName | undefined
}

/** Reads from the right, up to the first entry that is not a trusted proxy or is not an address. */
function walk(chain: readonly (NodeName | undefined)[], peers: TrustedPeers): Walk {
  let client: NodeName | undefined
  for (let index = chain.length - 1; index >= 0; index -= 1) {
    const entry = chain[index]
    const hops = chain.length - index
    if (entry === undefined) return { hops, client }
    client = entry
    if (!peers.trusts(entry.address)) return { hops, client }
  }
  return { hops: chain.length + 1, client }
}

/** The entry that the outermost trusted proxy wrote. A shorter list was started by a nearer proxy. */
function entryOf<Entry>(list: readonly Entry[], hops: number): Entry | undefined {
  return list[Math.max(0, list.length - hops)]
}

function schemeOf(text: string | undefined): Scheme | undefined {
  const scheme = text?.toLowerCase().replace(/^ws(s?)$/, 'http$1')
  return scheme === 'http' || scheme === 'https' ? scheme : undefined
}

function hostOf(name: string | undefined): Pick<Forwarded, 'host'> {
  return name !== undefined && hostPattern.test(name) ? { host: name } : {}
}

function clientOf(client: NodeName | undefined): Pick<Forwarded, 'client' | 'clientPort'> {
  if (client === undefined) return {}
  const { address, port } = client
  return port === undefined ? { client: address } : { client: address, clientPort: port }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) <= 65_535
}
