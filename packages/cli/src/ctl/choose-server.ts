/** Chooses the server that `tunicorn ctl` talks to. */
import { ControlClient, type FoundServer, findServers, TunicornError } from '@tunicorn/arbiter/control'

/**
 * The server at `control`, or the only running one of this user.
 *
 * @throws TunicornError `SERVER_NOT_FOUND`, `SERVER_AMBIGUOUS`
 */
export async function chooseServer(
  control: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ControlClient> {
  if (control !== undefined) return new ControlClient(control)
  const found = await findServers(env)
  // During an upgrade there are two servers. The one that is leaving is not meant.
  const staying = found.filter(({ status }) => status?.arbiter.state !== 'stopping')
  const candidates = staying.length > 0 ? staying : found
  const [first, ...others] = candidates
  if (!first)
    throw new TunicornError(
      'SERVER_NOT_FOUND',
      'No server of yours is running. One of another user, or with a control socket of its own, needs --control PATH',
    )
  if (others.length > 0)
    throw new TunicornError(
      'SERVER_AMBIGUOUS',
      [`${candidates.length} servers of yours are running. Choose one:`, ...candidates.map(describe)].join(
        '\n',
      ),
    )
  return new ControlClient(first.path)
}

function describe({ path, pid, status }: FoundServer): string {
  if (!status) return `--control ${path}  (pid ${pid}, does not answer)`
  const groups = status.groups.map(({ app, bind }) =>
    bind.length === 0 ? app : `${app} at ${bind.join(', ')}`,
  )
  return `--control ${path}  (pid ${pid}: ${groups.join('; ')})`
}
