/** What the conformance suite runs: a command for each act of its clauses. */

/** More than one packet. */
export const heldAnswer = 'held\n'.repeat(20_000)

/** @type {import('@tunicorn/test-kit').CreateApp} */
export default function createApp(stage) {
  return {
    echo: () => 'echo',
    async hold() {
      await stage.tell('hold')
      await stage.cued('hold')
      return heldAnswer
    },
    async leave(_args, { signal }) {
      await stage.tell('leave')
      if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve))
      await stage.tell('left')
    },
    async block() {
      await stage.tell('block')
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    },
    async reject() {
      void Promise.reject(new Error('nobody waits for this promise'))
      await stage.tell('reject')
      return 'reject'
    },
    async throw() {
      throw new Error('a secret detail')
    },
  }
}
