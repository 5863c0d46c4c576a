/** For authors of worker classes. */
export type { StandardSchemaV1 } from '@standard-schema/spec'
export { AdoptedServer, adoptedServer } from '../app/adopted-server.js'
export { installAppBridge } from '../app/app-bridge.js'
export { emitBeforeExit } from '../app/before-exit.js'
export { AppBroadcasts, type BroadcastListener, type BroadcastOptions } from '../app/broadcasts.js'
export { emitClose } from '../app/emit-close.js'
export { type AppSource, loadApp } from '../app/load.js'
export { installProcessSend, type ProcessSendParts, type SendHint, sendHints } from '../app/process-send.js'
export type { AppAdoption, AskedAddress } from '../contract/adoption.js'
export { defaultWorkerSettings } from '../contract/default-settings.js'
export type { Issue } from '../contract/issue.js'
export type { ListenerTls, TlsCertificate } from '../contract/listener-tls.js'
export type { LogFields, Logger } from '../contract/logger.js'
export type { RefusalReason } from '../contract/refusal-reason.js'
export type { OutcomeDetails, RequestHead, RequestOutcome, ResponseSummary } from '../contract/request.js'
export { traceIdOf } from '../contract/trace-id.js'
export type {
  AnyWorkerClass,
  AppKind,
  AppReference,
  CheckInput,
  Listener,
  LoadedApp,
  Worker,
  WorkerCapabilities,
  WorkerClass,
  WorkerContext,
  WorkerStats,
} from '../contract/worker-class.js'
export { defineWorkerClass } from '../contract/worker-class.js'
export type { ForwardedHeader, WorkerSettings } from '../contract/worker-settings.js'
export { describeValue } from '../describe-value.js'
export { type ErrorCode, TunicornError } from '../errors.js'
export { AppMetrics, type AppMetricsOutput } from '../host/app-metrics.js'
export { sourceStack } from '../host/source-stack.js'
export type { Place, StackFrame } from '../host/stack-frame.js'
export { ThreadMetrics } from '../host/thread-metrics.js'
export { LocalListener } from '../sockets/local-listener.js'
