import { it } from 'vitest'
import { comeAndGo } from '../runs/autoscale.js'

it('workers come with the load and go after it, and no request is lost', comeAndGo)
