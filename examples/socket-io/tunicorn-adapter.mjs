/** Socket.IO's rooms and broadcasts over all workers of a server: what one says to others goes through `broadcast`. */
import { broadcast, onBroadcast } from '@tunicorn/arbiter/app'
import { ClusterAdapterWithHeartbeat } from 'socket.io-adapter'

export class TunicornAdapter extends ClusterAdapterWithHeartbeat {
  #end

  constructor(namespace, options = {}) {
    super(namespace, options)
    this.#end = onBroadcast(data => {
      const message = data?.socketIo
      if (message?.nsp !== namespace.name) return
      if (message.requester === undefined) this.onMessage(message)
      else if (message.requester === this.uid) this.onResponse(message)
    })
    this.init()
  }

  async doPublish(message) {
    broadcast({ socketIo: message })
    return ''
  }

  async doPublishResponse(requester, response) {
    broadcast({ socketIo: { ...response, requester } })
  }

  close() {
    this.#end()
    super.close()
  }
}
