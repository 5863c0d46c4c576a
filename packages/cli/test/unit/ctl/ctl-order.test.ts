import { describe, expect, it } from 'vitest'
import { parseCtlArguments } from '../../../src/ctl/ctl-order.js'

const orderOf = (line: string): unknown => {
  const parsed = parseCtlArguments(line.split(' ').filter(word => word !== ''))
  return parsed.type === 'order' ? parsed.order : parsed
}

describe('the command line of ctl', () => {
  it('takes the number of workers in every form, also one that looks like a flag', () => {
    const web = { type: 'scale', group: 'web', isAwaited: false }
    expect(orderOf('scale web +1')).toMatchObject({ ...web, change: { by: 1 } })
    expect(orderOf('scale web -2')).toMatchObject({ ...web, change: { by: -2 } })
    expect(orderOf('scale web 4')).toMatchObject({ ...web, change: { to: 4 } })
    expect(orderOf('scale --group web -1')).toMatchObject({ ...web, change: { by: -1 } })
    expect(orderOf('scale -1 --wait')).toMatchObject({
      group: undefined,
      isAwaited: true,
      change: { by: -1 },
    })
  })

  it('takes the socket before and after the command', () => {
    expect(orderOf('--control /a status')).toMatchObject({ type: 'status', control: '/a', isJson: false })
    expect(orderOf('status --control /a --json')).toMatchObject({ control: '/a', isJson: true })
  })

  it('refuses what it does not know, with what was meant', () => {
    expect(() => orderOf('sttus')).toThrow("unknown command 'sttus' (Did you mean status?)")
    expect(() => orderOf('status --jsno')).toThrow("unknown option '--jsno' (Did you mean --json?)")
    expect(() => orderOf('status --control')).toThrow('argument missing')
    expect(() => orderOf('status web')).toThrow('too many arguments')
    expect(() => orderOf('stop --mode hard')).toThrow('graceful, quick or kill')
    for (const line of ['scale', 'scale web', 'scale web much', 'scale web 1.5', 'scale web +1 --group api'])
      expect(() => orderOf(line), line).toThrow('+N, -N or N')
    expect(orderOf('scale web 1000')).toMatchObject({ change: { to: 1000 } })
    for (const number of ['1001', '+1001', '-1001', '12345678'])
      expect(() => orderOf(`scale web ${number}`), number).toThrow(
        `\`tunicorn ctl scale\` takes numbers up to 1000, got ${number}`,
      )
    expect(() => orderOf('scale web 0')).toThrow('one worker at least')
  })

  it('prints help when it is asked to, or asked nothing', () => {
    for (const line of ['', '--help', '-h'])
      expect(orderOf(line)).toMatchObject({ type: 'help', text: expect.stringContaining('reload [options]') })
    expect(orderOf('reload --help')).toMatchObject({ text: expect.stringContaining('--wait') })
  })
})
