/** Events of the life of a worker. */

/** Start-up comes before the first request, shutdown after the last connection has closed. */
export type LifespanReceiveEvent =
  | { readonly type: 'lifespan.startup' }
  | { readonly type: 'lifespan.shutdown' }

/** `startup.failed` fails the boot of the worker with its message. */
export type LifespanSendEvent =
  | { readonly type: 'lifespan.startup.complete' }
  | { readonly type: 'lifespan.startup.failed'; readonly message?: string }
  | { readonly type: 'lifespan.shutdown.complete' }
  | { readonly type: 'lifespan.shutdown.failed'; readonly message?: string }
