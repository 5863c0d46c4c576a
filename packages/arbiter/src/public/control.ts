/** For programs that watch or steer a running server. */
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
export type {
  ArbiterPhase,
  ArbiterStatus,
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
