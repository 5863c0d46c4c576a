/** For an app in a thread that calls `listen` itself: asks the event loop, which asks its host. */
import type { AddressInfo } from 'node:net'
import type { MessagePort } from 'node:worker_threads'
import { type AppAdoption, type AskedAddress, TunicornError } from '@tunicorn/arbiter/worker'
import { fromErrorData } from '../protocol/error-data.js'
import type { FromThread, ToThread } from '../protocol/messages.js'

type Addresses = readonly (AddressInfo | string)[]

export class ThreadAdoption implements AppAdoption {
  readonly patienceMs: number
  readonly #port: MessagePort

  constructor(port: MessagePort, patienceMs: number) {
    this.#port = port
    this.patienceMs = patienceMs
  }

  settle(asked: AskedAddress): Promise<Addresses> {
    this.#post({ type: 'asks', asked })
    return new Promise((resolve, reject) => {
      const receive = (message: ToThread): void => {
        if (message.type === 'settled') resolve(message.addresses)
        else if (message.type !== 'refused') return
        else {
          const error = fromErrorData(message.error)
          reject(message.code === undefined ? error : new TunicornError(message.code, error.message))
        }
        this.#port.off('message', receive)
      }
      this.#port.on('message', receive)
    })
  }

  closed(): void {
    this.#post({ type: 'closed' })
  }

  unserved(text: string): void {
    this.#post({ type: 'unserved', text })
  }

  #post(message: FromThread): void {
    this.#port.postMessage(message)
  }
}
