import { test } from 'vitest'
import { useGeneratedClass } from '../runs/generated-class.js'

test('what the generator writes in ts passes its own test, packs what it needs, and serves', () =>
  useGeneratedClass('ts'))
