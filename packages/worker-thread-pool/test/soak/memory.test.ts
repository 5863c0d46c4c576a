import { describe, it } from 'vitest'
import { downloadSlowly, megabyte, uploadToSlowApp } from '../runs/transfers.js'

describe.runIf(process.platform === 'linux')('memory', () => {
  it('stays bounded while a client that stalls downloads a gigabyte', () => downloadSlowly(1024 * megabyte))

  it('stays bounded while a client uploads a gigabyte to an app that stalls', () =>
    uploadToSlowApp(1024 * megabyte))
})
