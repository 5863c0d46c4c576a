/** `tunicorn ctl`: shows and controls a running server from a terminal. */
import { type ControlClient, type ServerStatus, TunicornError } from '@tunicorn/arbiter/control'
import { exitCodes } from '@tunicorn/arbiter/internal'
import { hasColors } from '../console/colors.js'
import type { CommandProcess } from '../console/command-process.js'
import { errorMessage } from '../console/messages.js'
import { chooseServer } from './choose-server.js'
import { type CtlOrder, parseCtlArguments } from './ctl-order.js'
import { tellEvents } from './event-line.js'
import { inspectorView, saveExamination, stackView } from './examine.js'
import { formatDuration } from './quantities.js'
import { followReload } from './reload-follow.js'
import { scaleGroup } from './scale-group.js'
import { statusView } from './status-view.js'

/** How long an immediate answer may take. A server whose process is stopped never gives one. */
const answerMs = 5_000
/** Without a terminal, nothing is cut. */
const unlimited = 1_000

/** Resolves with the exit code: 0, or 1 with one clear message. Never rejects. */
export async function runCtl(args: readonly string[], command: CommandProcess): Promise<number> {
  try {
    const parsed = parseCtlArguments(args)
    if (parsed.type === 'help') command.stdout.write(parsed.text)
    else await carryOut(parsed.order, command)
    return exitCodes.ok
  } catch (error) {
    command.stderr.write(await errorMessage(explained(error), hasColors(command.stderr, command)))
    return exitCodes.error
  }
}

async function carryOut(order: CtlOrder, command: CommandProcess): Promise<void> {
  const client = await chooseServer(order.control, command.env)
  const say = (line: string): void => void command.stdout.write(`${line}\n`)
  const signal = AbortSignal.timeout(answerMs)
  switch (order.type) {
    case 'status': {
      const status = ofGroup(await client.status({ signal }), order.group)
      command.stdout.write(
        order.isJson ? `${JSON.stringify(status, undefined, 2)}\n` : await viewed(status, command),
      )
      return
    }
    case 'reload':
      if (order.isAwaited) return followReload(client, say)
      await client.reload({ signal })
      return say('The reload has begun. `tunicorn ctl status` shows how it ends')
    case 'scale':
      return scaleGroup({ client, order, signal, say })
    case 'stop':
      return stop(client, order, say)
    case 'stack':
      for (const line of stackView(await client.stack({ worker: order.worker, signal }))) say(line)
      return
    case 'inspect': {
      const { worker, port, isClosing: close } = order
      for (const line of inspectorView(await client.inspect({ worker, port, close, signal }))) say(line)
      return
    }
    case 'profile':
    case 'heap-snapshot':
      return say(await saveExamination(client, order))
    case 'events':
      return tellEvents(client, order, say)
    case 'metrics':
      command.stdout.write(await client.metrics({ signal }))
      return
  }
}

async function stop(
  client: ControlClient,
  { mode, isAwaited }: Extract<CtlOrder, { readonly type: 'stop' }>,
  say: (line: string) => void,
): Promise<void> {
  if (!isAwaited) {
    await client.stop({ mode, signal: AbortSignal.timeout(answerMs) })
    return say('The server stops')
  }
  const startedAt = performance.now()
  await client.stop({ mode, wait: true })
  say(`The server has stopped, after ${formatDuration(performance.now() - startedAt)}`)
}

function ofGroup(status: ServerStatus, name: string | undefined): ServerStatus {
  if (name === undefined) return status
  const groups = status.groups.filter(group => group.name === name)
  if (groups.length > 0) return { ...status, groups }
  const list = status.groups.map(group => group.name).join(', ')
  throw new TunicornError('GROUP_UNKNOWN', `There is no group ${JSON.stringify(name)}; there are: ${list}`)
}

async function viewed(status: ServerStatus, command: CommandProcess): Promise<string> {
  const { default: picocolors } = await import('picocolors')
  const paint = picocolors.createColors(hasColors(command.stdout, command))
  return statusView(status, { now: Date.now(), width: command.stdout.columns ?? unlimited, paint })
}

function explained(error: unknown): unknown {
  if (!(error instanceof DOMException && error.name === 'TimeoutError')) return error
  return new TunicornError(
    'CONTROL_UNREACHABLE',
    `The server did not answer within ${answerMs / 1_000} s. Its process may be stopped, or have no processor`,
    { cause: error },
  )
}
