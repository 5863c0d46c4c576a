// Makes a worker class from another one, with one thing changed.

/**
 * `context` and `worker` change what the class is given and what it gives; the other members replace those of the class.
 * One app kind is enough for a class that is not to be used.
 */
export function derive(base, { capabilities, context = same, worker = same, ...members } = {}) {
  return {
    ...base,
    capabilities: { ...base.capabilities, appKinds: base.capabilities.appKinds.slice(0, 1), ...capabilities },
    ...members,
    async create(given) {
      const changed = context(given)
      return worker(forward(await base.create(changed)), changed)
    },
  }
}

function same(value) {
  return value
}

/** The methods as an object that can be spread. */
function forward(worker) {
  return {
    boot: () => worker.boot(),
    serve: () => worker.serve(),
    drain: deadline => worker.drain(deadline),
    close: () => worker.close(),
    stats: () => worker.stats?.() ?? {},
    shed: connections => worker.shed?.(connections),
  }
}

/** Shows every server to `meet` before it listens. */
export function meetServers(context, meet) {
  return withListeners(context, listener => ({
    listen(server) {
      meet(server)
      return listener.listen(server)
    },
  }))
}

/** Replaces methods of the listeners. */
export function withListeners(context, change) {
  const listeners = context.listeners.map(listener => ({
    get address() {
      return listener.address
    },
    get tls() {
      return listener.tls
    },
    listen: server => listener.listen(server),
    pause: () => listener.pause(),
    resume: () => listener.resume(),
    ...change(listener),
  }))
  return { ...context, listeners }
}

/** Calls `meet` with every request before the class sees it. */
export function meetRequests(context, meet) {
  return meetServers(context, server => server.prependListener('request', meet))
}

/** Changes how the end of a request is reported. */
export function reportEnds(context, change) {
  return {
    ...context,
    beginRequest(head) {
      const end = context.beginRequest(head)
      return outcome => change(end, outcome)
    },
  }
}
