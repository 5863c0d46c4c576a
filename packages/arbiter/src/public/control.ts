/** For programs that watch or steer a running server. */

export {
  type CallOptions,
  ControlClient,
  type ExamineOptions,
  type InspectOptions,
  type OrderOptions,
  type ProfileOptions,
  type ScaleOptions,
  type StopOptions,
} from '../control/control-client.js'
export type {
  ArbiterEvent,
  ControlEvent,
  ExitEvent,
  ReloadBegunEvent,
  ReloadDoneEvent,
  ReloadFailedEvent,
  StatusEvent,
  TargetEvent,
  WorkerEvent,
} from '../control/control-event.js'
export { type FoundServer, findServers } from '../control/find-servers.js'
export type {
  ArbiterStatus,
  AutoscaleStatus,
  CertificateStatus,
  DurationsStatus,
  ErrorStatus,
  ExitStatus,
  GroupStatus,
  ReasonStatus,
  ReloadStatus,
  RequestStatus,
  ServerStatus,
  WorkerPhase,
  WorkerStatus,
} from '../control/status.js'
export type { WorkerInspector } from '../control/worker-inspector.js'
export type { WorkerStack } from '../control/worker-stack.js'
export { type ErrorCode, TunicornError } from '../errors.js'
export type { ArbiterPhase } from '../supervision/arbiter-phase.js'
export type { ScaledGroup } from '../supervision/scale.js'
