/** What an app says about itself with `process.send`. With the setting `waitReady`, that is when it is ready. */
import { installProcessSend, sendHints } from '../app/process-send.js'
import type { HostChannel } from './channel.js'
import { writeRecord, writeShared } from './diagnostics.js'

export class AppReadiness {
  readonly #isAwaited: boolean
  readonly #isSaid: Promise<void>
  #say: () => void = () => {}

  /** Must be created before the app is loaded. */
  constructor(isAwaited: boolean) {
    this.#isAwaited = isAwaited
    const saidByApp = installProcessSend({
      isReadyAwaited: isAwaited,
      hint: about => writeShared('info', sendHints[about]),
    })
    const saidByClass = new Promise<void>(resolve => {
      this.#say = resolve
    })
    this.#isSaid = Promise.race([saidByApp, saidByClass])
  }

  /** Called when the worker class knows that the app is ready. */
  say(): void {
    this.#say()
  }

  /** Resolves once the app has said that it is ready, or at once if nobody waits for that. The arbiter limits the wait. */
  async wait(channel: HostChannel): Promise<void> {
    if (!this.#isAwaited) return
    writeRecord('debug', "The worker waits for the app to call process.send('ready')")
    await channel.send({ type: 'awaiting-ready' })
    await this.#isSaid
  }
}
