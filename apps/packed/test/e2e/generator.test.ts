import { test } from 'vitest'
import { useGeneratedClass } from '../runs/generated-class.js'

// `test/soak` has TypeScript.
test('what the generator writes in js passes its own test, packs what it needs, and serves', () =>
  useGeneratedClass('js'))
