/** Long polling takes several requests, which have to come to one worker: each is a group with an address of its own. */
const chat = port => ({ app: './server.mjs', bind: `127.0.0.1:${port}`, workers: 1 })

export default {
  workerClass: 'event-loop',
  groups: { first: chat(8001), second: chat(8002) },
}
