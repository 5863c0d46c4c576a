/** A listener that accepts while both the HTTP service and the pool want it to. */
import type { Server } from 'node:net'
import type { Listener } from '@tunicorn/arbiter/worker'

export class GatedListener implements Listener {
  readonly #inner: Listener
  readonly #failed: (error: unknown) => void
  #isStarted = false
  #isWanted = false
  #isOpen = true
  #isAccepting = false
  #resuming: Promise<void> | undefined

  /** `failed`: the listener could not be resumed, so this worker will not accept again. */
  constructor(inner: Listener, failed: (error: unknown) => void) {
    this.#inner = inner
    this.#failed = failed
  }

  get address(): Listener['address'] {
    return this.#inner.address
  }

  get tls(): Listener['tls'] {
    return this.#inner.tls
  }

  onTlsRenewed(renewed: Parameters<NonNullable<Listener['onTlsRenewed']>>[0]): void {
    this.#inner.onTlsRenewed?.(renewed)
  }

  async listen(server: Server): Promise<void> {
    this.#isWanted = true
    await this.#inner.listen(server)
    this.#isStarted = true
    this.#isAccepting = true
    if (!this.#mayAccept) this.#pause()
  }

  pause(): void {
    this.#isWanted = false
    this.#pause()
  }

  async resume(): Promise<void> {
    this.#isWanted = true
    await this.#resume()
  }

  /** Whether the pool has room. */
  set isOpen(isOpen: boolean) {
    if (isOpen === this.#isOpen) return
    this.#isOpen = isOpen
    if (!isOpen) this.#pause()
    else if (this.#isStarted && this.#isWanted) this.#resume().catch(this.#failed)
  }

  get #mayAccept(): boolean {
    return this.#isWanted && this.#isOpen
  }

  #pause(): void {
    if (!this.#isAccepting) return
    this.#isAccepting = false
    this.#inner.pause()
  }

  /** Makes one attempt at a time. A pause during an attempt takes effect after it. */
  #resume(): Promise<void> {
    this.#resuming ??= this.#resumeInner().finally(() => {
      this.#resuming = undefined
    })
    return this.#resuming
  }

  async #resumeInner(): Promise<void> {
    while (this.#mayAccept && !this.#isAccepting) {
      await this.#inner.resume()
      this.#isAccepting = true
      if (!this.#mayAccept) this.#pause()
    }
  }
}
