/**
 * The settings, by the part of the program that uses them. One record per setting (see `records/`) gives the flag, the
 * environment variable, the check, the default and the description. The record table is typed against these interfaces, so
 * neither can miss a setting.
 */
import type { AnyWorkerClass, AppKind } from '../contract/worker-class.js'
import type { WorkerSettings } from '../contract/worker-settings.js'
import type { ArbiterHooks, Hooks } from '../hooks/hooks.js'
import type { InspectorInit } from '../protocol/messages.js'
import type { Address } from '../sockets/address.js'
import type { Identity } from '../system/identity.js'
import type { CertificateFiles } from '../tls/certificate-files.js'

/** Settings of one group: one app under one worker class. */
export interface GroupSettings extends WorkerSettings {
  /** App specifier: path or package, then optional `:export`. */
  readonly app: string
  /** Kind of the app, if it cannot be inferred from the export. @default 'auto' */
  readonly appKind: AppKind | 'auto'
  /** Name, package, path or `file:` URL of the worker class. Empty: the only one installed. @default '' */
  readonly workerClass: string
  /** Options of the worker class. @default {} */
  readonly workerOptions: Readonly<Record<string, unknown>>
  /** Addresses to bind: `HOST:PORT`, `:PORT`, `[v6]:PORT`, each after `https://` for TLS, `unix:PATH`, `fd://N`. @default ['127.0.0.1:8000'] */
  readonly bind: readonly string[]
  /** Mode of the Unix sockets in `bind`. @default 0o600 */
  readonly socketMode: number
  /** PEM file with the certificate: TLS at all TCP addresses, or at those in `bind` after `https://`. Empty: none. @default '' */
  readonly certfile: string
  /** PEM file with the key of the certificate. Empty: it is in `certfile`. @default '' */
  readonly keyfile: string
  /** Further certificates, each for clients that ask for a host name that it has. @default [] */
  readonly certificates: readonly CertificateFiles[]
  /** PEM file with the authorities that client certificates must come from. Empty: those that Node.js knows. @default '' */
  readonly caCerts: string
  /** Whether clients are asked for a certificate, and refused without a valid one. @default 'none' */
  readonly certReqs: 'none' | 'optional' | 'required'
  /** Oldest accepted version of TLS. @default '1.2' */
  readonly tlsMinVersion: '1.2' | '1.3'
  /** Ciphers for TLS, in OpenSSL's notation. Empty: Node.js's defaults. @default '' */
  readonly ciphers: string
  /** The most seconds that a client may take for a TLS handshake. @default 10 */
  readonly handshakeTimeout: number
  /** Number of workers, or `auto` for the available parallelism. @default 1 */
  readonly workers: number | 'auto'
  /** The number of workers follows their load within these bounds, and begins with `workers`. @default 'off' */
  readonly autoscale: AutoscaleBounds | 'off'
  /** A worker serves only after the one that it replaces has ended, never while it still runs. @default false */
  readonly exclusive: boolean
  /** The app's listeners for SIGTERM are called when its worker drains. @default true */
  readonly appSignal: boolean
  /** Environment variables of the workers, added to the arbiter's own. @default {} */
  readonly env: Readonly<Record<string, string>>
  /** Absolute paths of files with variables for the workers. `env` and the arbiter's environment have precedence. @default [] */
  readonly envFile: readonly string[]
  /** Options of Node.js for the workers and their threads. @default [] */
  readonly nodeOptions: readonly string[]
  /** Seconds of service after which a worker is recycled; 0 = never. @default 0 */
  readonly maxAge: number
  /** Bytes of memory above which a worker is recycled; 0 = off. @default 0 */
  readonly maxRss: number
  /** Unasked ends of workers within `restartWindow` after which the server ends; 0 = never. @default 0 */
  readonly maxRestarts: number
  /** Seconds in which unasked ends are counted; 0 = since the start. @default 60 */
  readonly restartWindow: number
  /** The most processes of the group at a time, including those that boot or drain; 0 = no limit. @default 0 */
  readonly maxProcesses: number
  /** Seconds for which a reload's first new worker serves together with the old ones before they are replaced; 0 = off. @default 5 */
  readonly canarySeconds: number
  /** By how much the share of failed requests (5xx) of the new generation may exceed that of the old one within `canarySeconds`; 0 = not compared. @default 0 */
  readonly canaryMaxErrors: number
  /** How many workers there may be beyond the target during a reload. @default 1 */
  readonly maxSurge: number
  /** How many serving workers may be missing during a reload. @default 0 */
  readonly maxUnavailable: number
  /** File with a line for every request; `-` is standard output. Empty: none. @default '' */
  readonly accessLog: string
  /** Text with Gunicorn's atoms, or `json`. @default '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"' */
  readonly accessLogFormat: string
  /** Header fields of the request that lines of the format `json` include in `headers`; names in lower case. @default [] */
  readonly accessLogFields: readonly string[]
  /** Requests that get no line in the access log: paths, beginnings of paths with `*`, and beginnings of user agents. @default [] */
  readonly accessLogSkip: readonly string[]
  /** The lines that the app writes to standard output and standard error go to the log, with the worker's name. @default false */
  readonly captureOutput: boolean
}

/** How many workers a group may have; `auto` is the available parallelism. */
export interface AutoscaleBounds {
  readonly min: number | 'auto'
  readonly max: number | 'auto'
}

/** Settings of the arbiter itself. */
export interface ArbiterSettings {
  /** Directory to work in; relative paths are resolved from it. @default the current directory */
  readonly chdir: string
  /** File that holds the arbiter's process id. Empty: none. @default '' */
  readonly pidfile: string
  /** Name or number of the user that workers run as. The arbiter has to be root. Empty: unchanged. @default '' */
  readonly user: string
  /** Name or number of the group that workers run as. Empty: the user's own, or unchanged. @default '' */
  readonly group: string
  /** File mode creation mask, for the arbiter and its workers; -1 = unchanged. @default -1 */
  readonly umask: number
  /** Name in process titles. @default 'tunicorn' */
  readonly procName: string
  /** Total bytes of all processes of the server up to which `autoscale` may add a worker; 0 = no limit. @default 0 */
  readonly maxRssTotal: number
  /** On stop: seconds to keep accepting before draining. @default 0 */
  readonly drainDelay: number
  /** Seconds that the platform waits before it kills, to be compared with what a stop may take; 0 = not checked. @default 0 */
  readonly terminationGrace: number
  /** File for the log; `-` is standard error. @default '-' */
  readonly errorLog: string
  /** @default 'info' */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
  /** `auto`: text on a terminal, JSON elsewhere. @default 'auto' */
  readonly logFormat: 'auto' | 'text' | 'json'
  /** Path of the control socket, `auto` or `off`. @default 'auto' */
  readonly control: string
  /** Address that answers probes and metrics: `HOST:PORT`, `:PORT` (loopback), or `off`. @default 'off' */
  readonly admin: string
  /** StatsD server that receives the metrics: `HOST:PORT`, or empty for none. @default '' */
  readonly statsdHost: string
  /** Prefix for the names of metrics sent to StatsD. @default '' */
  readonly statsdPrefix: string
  /** Tags for all metrics, in DogStatsD's format, separated by commas. Empty: the server does not support tags. @default '' */
  readonly dogstatsdTags: string
  /** How often the certificate files are checked for changes, in seconds; new ones go to the serving workers. 0 = only on a reload. @default 0 */
  readonly certificateReload: number
  /** The command reloads when code changes. An embedded arbiter does not. @default false */
  readonly reload: boolean
  /** Absolute paths of files and directories that `reload` also watches. @default [] */
  readonly reloadExtraFiles: readonly string[]
  /** Absolute paths of files and directories that `reload` does not watch. @default [] */
  readonly reloadIgnore: readonly string[]
  /** `HOST:PORT` where a debugger attaches to the only worker of a group, or `off`. @default 'off' */
  readonly inspect: string
  /** The same, but the worker waits for the debugger and pauses where its app begins. @default 'off' */
  readonly inspectBrk: string
}

/** Every setting by name. */
export type Settings = GroupSettings & ArbiterSettings

/** Bytes, or a text such as `512mb`; 1 kb is 1024 bytes. */
export type Size = number | `${number}${'b' | 'kb' | 'mb' | 'gb'}`

/** What a user may write for a setting, if that is more than the setting's own type. */
interface WrittenSettings {
  readonly bind: string | readonly string[]
  /** A number, or octal digits as text. */
  readonly socketMode: number | string
  readonly certificates: readonly { readonly certfile: string; readonly keyfile?: string }[]
  readonly user: string | number
  readonly group: string | number
  readonly reloadExtraFiles: string | readonly string[]
  readonly reloadIgnore: string | readonly string[]
  /** A port of the loopback address, `HOST:PORT` or `off`. */
  readonly inspect: number | string
  readonly inspectBrk: number | string
  readonly envFile: string | readonly string[]
  readonly nodeOptions: string | readonly string[]
  readonly forwardedAllowIps: string | readonly string[]
  readonly forwardedHeaders: string | readonly string[]
  readonly accessLogFields: string | readonly string[]
  readonly accessLogSkip: string | readonly string[]
  readonly limitRequestLine: Size
  readonly limitRequestFieldSize: Size
  readonly limitRequestHead: Size
  readonly limitRequestBody: Size
  readonly maxRss: Size
  readonly maxRssTotal: Size
  /** The text is `MIN-MAX`, as on the command line. */
  readonly autoscale: AutoscaleBounds | 'off' | `${number | 'auto'}-${number | 'auto'}`
}

type Written<Shape> = {
  readonly [Name in keyof Shape]?:
    | (Name extends keyof WrittenSettings ? WrittenSettings[Name] : Shape[Name])
    | undefined
}

/** One group in a config file: what differs from the shared settings. */
export interface GroupConfig extends Written<GroupSettings> {}

/**
 * What a config file or `defineConfig` takes: settings, and groups that override the shared ones.
 *
 * `workerClass` is a name, a package, a path or a `file:` URL, and never an object, because every worker process imports the
 * class by itself.
 */
export interface Config extends GroupConfig, Written<ArbiterSettings>, Hooks {
  /** Several groups under one arbiter, by name. Each overrides the shared settings. */
  readonly groups?: Readonly<Record<string, GroupConfig>> | undefined
}

/** A function that a config file may export instead of an object. It is called at the start and again on every reload. */
export type ConfigFunction = () => Config | Promise<Config>

/** Where the value of a setting came from; `config` is the object given to the embedding API, `debugging` the settings `inspect` and `inspectBrk`. */
export type SettingSource =
  | 'debugging'
  | 'flag'
  | 'TUNICORN_CMD_ARGS'
  | 'config file'
  | 'config'
  | 'environment'
  | 'worker class'
  | 'default'

/** A group, checked and ready to run. */
export interface ResolvedGroup {
  readonly name: string
  readonly settings: GroupSettings
  /** The actual number of workers; with `autoscale`, the initial number. */
  readonly workers: number
  /** The actual bounds of `autoscale`. Absent: the number of workers does not follow their load. */
  readonly autoscale?: { readonly min: number; readonly max: number } | undefined
  /** How many connections a worker accepts at a time: `workerConnections`, limited by how many files it may have open. 0 = no limit. */
  readonly connections: number
  /** How many more workers are kept in standby, as the worker class wants. */
  readonly spares: number
  readonly addresses: readonly Address[]
  readonly app: { readonly url: string; readonly exportName: string; readonly specifier: string }
  readonly workerClass: {
    /** `file:` URL that a worker process imports. */
    readonly url: string
    readonly definition: AnyWorkerClass
  }
  /** The variables in the files of `envFile`. */
  readonly fileVariables: Readonly<Record<string, string>>
  /** Where a debugger attaches to the group's worker. Absent: nowhere. */
  readonly inspector?: InspectorInit
  /** Names of the settings that the user gave. */
  readonly given: ReadonlySet<string>
}

/** The whole configuration, checked. */
export interface ResolvedConfig {
  readonly arbiter: ArbiterSettings
  readonly groups: readonly ResolvedGroup[]
  /** Source of every setting, by group name (`''` for the shared ones), for `--print-config`. */
  readonly sources: ReadonlyMap<string, ReadonlyMap<string, SettingSource>>
  /** Warnings of worker classes, to be logged. */
  readonly warnings: readonly string[]
  /** The config file that was read, if any. */
  readonly file?: string
  /** The hooks that run in the arbiter. */
  readonly hooks: ArbiterHooks
  /** The config file again if it has hooks that run in workers, otherwise empty. */
  readonly hooksFile: string
  /** The identity that workers run under, if it differs from the arbiter's. */
  readonly identity?: Identity
}
