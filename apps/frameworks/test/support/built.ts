/** The frameworks whose apps are built before they are served. Each is installed by itself. */
import type { Framework } from './framework.js'

export const builtFrameworks: readonly Framework[] = []
