import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'

const text = await readFile(new URL('./express/public/greeting.txt', import.meta.url), 'utf8')
const prefix = await setTimeout(50, 'read before the first request: ')

export default (_req, res) => res.end(prefix + text)
