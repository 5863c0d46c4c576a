// Boots although its app could not be loaded.
import eventLoop from '@tunicorn/worker-event-loop'
import { derive } from './derive.mjs'

export default derive(eventLoop, {
  worker: worker => ({
    ...worker,
    async boot() {
      await worker.boot().catch(error => {
        if (error.code !== 'APP_LOAD_FAILED') throw error
      })
    },
  }),
})
