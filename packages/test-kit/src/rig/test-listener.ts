/** A listener in the process of the test, plain or encrypted. */
import { type ListenerTls, LocalListener } from '@tunicorn/arbiter/worker'

export class TestListener extends LocalListener {
  readonly tls: ListenerTls | undefined

  constructor(path: string | undefined, tls: ListenerTls | undefined) {
    super(path)
    this.tls = tls
  }
}
