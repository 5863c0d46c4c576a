import { test } from 'vitest'
import { countRequests, lives } from '../runs/counts.js'

test.each(lives)('%s: every request is counted exactly once', (_name, args) => countRequests(8, args))
