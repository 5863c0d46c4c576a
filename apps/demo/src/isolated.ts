/** The group `isolated`: only the work, with each request in a process of its own. */
import { doWork } from './work/do-work.js'

export default { fetch: doWork }
