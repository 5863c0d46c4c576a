/** The group `isolated`: work alone, each request in a process of its own. */
import { doWork } from './work/do-work.js'

export default { fetch: doWork }
