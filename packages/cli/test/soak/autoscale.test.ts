import { it } from 'vitest'
import { comeAndGo, growAndUpgrade } from '../runs/autoscale.js'

it('workers come with the load and go after it, and no request is lost', comeAndGo)

it('an upgrade goes on with as many workers as there were', growAndUpgrade)
