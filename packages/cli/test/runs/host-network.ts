/**
 * Hosts of their own on one machine: a network namespace for each, and one for the balancer, which holds the bridge between them.
 * Nothing of the machine's own network is touched. It needs root.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type RunningProcess, startProcess } from '@tunicorn/harness'

const execute = promisify(execFile)

export class HostNetwork implements AsyncDisposable {
  readonly #names: readonly string[]

  private constructor(names: readonly string[]) {
    this.#names = names
  }

  /** Rejects where namespaces cannot be made, and leaves nothing behind. */
  static async create(hosts: number): Promise<HostNetwork> {
    const name = (part: string): string => `tunicorn-${process.pid}-${part}`
    const numbers = Array.from({ length: hosts }, (_, index) => index + 1)
    const network = new HostNetwork([name('balancer'), ...numbers.map(number => name(`${number}`))])
    const [balancer = ''] = network.#names
    const commands = [
      `ip netns add ${balancer}`,
      `ip -n ${balancer} link add bridge type bridge`,
      `ip -n ${balancer} addr add 10.0.0.254/24 dev bridge`,
      `ip -n ${balancer} link set lo up`,
      `ip -n ${balancer} link set bridge up`,
      ...numbers.flatMap(number => [
        `ip netns add ${name(`${number}`)}`,
        `ip -n ${balancer} link add host${number} type veth peer name eth0 netns ${name(`${number}`)}`,
        `ip -n ${balancer} link set host${number} master bridge up`,
        `ip -n ${name(`${number}`)} addr add ${network.addressOf(number)}/24 dev eth0`,
        `ip -n ${name(`${number}`)} link set lo up`,
        `ip -n ${name(`${number}`)} link set eth0 up`,
      ]),
    ]
    try {
      await execute('sh', ['-ec', commands.join('\n')], { timeout: 60_000 })
    } catch (error) {
      await network[Symbol.asyncDispose]()
      throw error
    }
    return network
  }

  /** `number`: from 1. */
  addressOf(number: number): string {
    return `10.0.0.${number}`
  }

  /** Starts a command on a host; 0: where the balancer is. */
  start(host: number, [command = '', ...args]: readonly string[]): Promise<RunningProcess> {
    return startProcess('ip', ['netns', 'exec', this.#names[host] ?? '', command, ...args])
  }

  /** What runs there must have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#names)
      await execute('ip', ['netns', 'del', name], { timeout: 60_000 }).catch(() => {})
  }
}
