/** For apps that know that they run in a worker. */
export { whenServing } from '../app/when-serving.js'
