// Boots although its app has failed to start.
import asgi from '@tunicorn/worker-asgi'
import { derive } from './derive.mjs'

export default derive(asgi, {
  worker: worker => ({
    ...worker,
    async boot() {
      await worker.boot().catch(error => {
        if (error.code !== 'BOOT_FAILED') throw error
      })
    },
  }),
})
