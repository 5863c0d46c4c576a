/** The catalogue of all metrics. The exposition is generated from it, and `docs/metrics.md` is compared with it. */

export type MetricName =
  | 'tunicorn_build_info'
  | 'tunicorn_generation'
  | 'tunicorn_workers_target'
  | 'tunicorn_autoscale_load'
  | 'tunicorn_autoscale_limit'
  | 'tunicorn_workers'
  | 'tunicorn_worker_resident_memory_bytes'
  | 'tunicorn_slot_resident_memory_bytes'
  | 'tunicorn_slot_event_loop_delay_seconds'
  | 'tunicorn_slot_connections'
  | 'tunicorn_requests_total'
  | 'tunicorn_requests_refused_total'
  | 'tunicorn_request_duration_seconds'
  | 'tunicorn_requests_in_flight'
  | 'tunicorn_connections'
  | 'tunicorn_worker_stat'
  | 'tunicorn_event_loop_utilization'
  | 'tunicorn_event_loop_delay_seconds'
  | 'tunicorn_worker_boot_seconds'
  | 'tunicorn_worker_exits_total'
  | 'tunicorn_requests_lost_total'
  | 'tunicorn_broadcasts_lost_total'
  | 'tunicorn_reloads_total'
  | 'tunicorn_certificate_expiry_seconds'
  | 'tunicorn_listen_queue'
  | 'tunicorn_listen_overflows_total'
  | 'process_resident_memory_bytes'
  | 'process_cpu_seconds_total'
  | 'process_open_fds'
  | 'process_start_time_seconds'

interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly labels: readonly string[]
  readonly help: string
}

type Define = (labels: readonly string[], help: string) => MetricDefinition

const gauge: Define = (labels, help) => ({ type: 'gauge', labels, help })
const counter: Define = (labels, help) => ({ type: 'counter', labels, help })
const histogram: Define = (labels, help) => ({ type: 'histogram', labels, help })
/** Only quantiles over workers: it has neither a sum nor a count. */
const summary: Define = (labels, help) => ({ type: 'summary', labels, help })

export const metricCatalogue: Readonly<Record<MetricName, MetricDefinition>> = {
  tunicorn_build_info: gauge(
    ['version', 'node_version'],
    'Always 1; the versions of Tunicorn and of Node.js.',
  ),
  tunicorn_generation: gauge(
    ['group'],
    'Generation that the group serves: reloads that were tried before it.',
  ),
  tunicorn_workers_target: gauge(['group'], 'Workers that should serve.'),
  tunicorn_autoscale_load: gauge(
    ['group'],
    'Work of the group, in workers that would be busy all the time. Absent without autoscale.',
  ),
  tunicorn_autoscale_limit: gauge(
    ['group', 'bound'],
    'Fewest and most workers that autoscale may want. Absent without it.',
  ),
  tunicorn_workers: gauge(['group', 'state'], 'Workers by state.'),
  tunicorn_worker_resident_memory_bytes: gauge(['group'], 'Resident memory of all workers of the group.'),
  tunicorn_slot_resident_memory_bytes: gauge(
    ['group', 'slot'],
    'Resident memory of the worker in a slot; of several, the largest.',
  ),
  tunicorn_slot_event_loop_delay_seconds: gauge(
    ['group', 'slot'],
    'How late the event loop of the worker in a slot was (99th percentile of a second); of several, the latest.',
  ),
  tunicorn_slot_connections: gauge(
    ['group', 'slot'],
    'Open connections of the worker in a slot; of several, of the one that has most.',
  ),
  tunicorn_requests_total: counter(
    ['group', 'worker_class', 'code'],
    'Requests that have ended, by class of the status, or aborted, or none for those without a status.',
  ),
  tunicorn_requests_refused_total: counter(
    ['group', 'reason'],
    'Requests that workers answered themselves and did not bring to the app, by reason.',
  ),
  tunicorn_request_duration_seconds: histogram(
    ['group', 'worker_class'],
    'Time from the head of a request to the end of its response; connections that were upgraded are left out.',
  ),
  tunicorn_requests_in_flight: gauge(['group'], 'Requests that have begun and not ended.'),
  tunicorn_connections: gauge(['group'], 'Open connections.'),
  tunicorn_worker_stat: gauge(
    ['group', 'worker_class', 'name'],
    'What the worker class shows of its workers, added up over them.',
  ),
  tunicorn_event_loop_utilization: summary(
    ['group', 'quantile'],
    'Share of time in which the event loop of a worker was busy, over the workers that serve.',
  ),
  tunicorn_event_loop_delay_seconds: summary(
    ['group', 'quantile'],
    'How late the event loop of a worker was (99th percentile of a second), over the workers that serve.',
  ),
  tunicorn_worker_boot_seconds: histogram(
    ['group'],
    'Time from the start of a worker process until it could serve.',
  ),
  tunicorn_worker_exits_total: counter(['group', 'reason'], 'Workers that have ended, by reason.'),
  tunicorn_requests_lost_total: counter(
    ['group', 'reason'],
    'Requests that were in the hands of a worker when it ended, by the reason of its end.',
  ),
  tunicorn_broadcasts_lost_total: counter(
    ['group'],
    'Messages of other workers that did not reach a worker of the group, because it did not keep up.',
  ),
  tunicorn_reloads_total: counter(['result'], 'Reloads by how they ended.'),
  tunicorn_certificate_expiry_seconds: gauge(
    ['group', 'name'],
    'When a certificate expires, in seconds since 1970; the first to expire of those with this name.',
  ),
  tunicorn_listen_queue: gauge(
    ['bind'],
    'Connections that wait in the queue of the kernel to be accepted. TCP on Linux only.',
  ),
  tunicorn_listen_overflows_total: counter(
    ['scope'],
    'Connections that the kernel dropped because a queue was full, of all servers in the network namespace. Linux only.',
  ),
  process_resident_memory_bytes: gauge([], 'Resident memory of the arbiter.'),
  process_cpu_seconds_total: counter([], 'Processor time of the arbiter.'),
  process_open_fds: gauge([], 'Open file descriptors of the arbiter.'),
  process_start_time_seconds: gauge([], 'When the arbiter was started, in seconds since 1970.'),
}
