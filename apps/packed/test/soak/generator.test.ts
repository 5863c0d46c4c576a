import { test } from 'vitest'
import { useGeneratedClass } from '../support/generated-class.js'

test.each(['ts', 'js'] as const)(
  'what the generator writes in %s passes its own test, packs what it needs, and serves',
  language => useGeneratedClass(language),
)
