import { once } from 'node:events'
import { cp, writeFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { bootedPids, connectionTo, rawExchange, temporaryDirectory } from '@tunicorn/harness'
import { describe, expect, it } from 'vitest'
import { adminAt, probe } from '../support/admin.js'
import { controlledArbiter } from '../support/controlled-arbiter.js'
import { ask, fixtures, runArbiter, servingAt } from '../support/run-arbiter.js'

/** A median of so many answers: one of them may hit a moment in which the machine does something else. */
const rounds = 15
/** A kubelet waits for a second. The spinning workers, and what else runs, leave the arbiter a share of the processors. */
const quickMs = 1_000

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe('the probes of a server', () => {
  it('are answered quickly while every worker is blocked', async () => {
    await using server = await runArbiter({ admin: ':0', workers: 2, timeout: 0 })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    // One after the other, or one worker may accept both.
    const blocked: Promise<unknown>[] = []
    for (const sign of [/spinning/, /spinning[\s\S]*spinning/]) {
      blocked.push(ask(`${url}/block`).catch(() => undefined))
      await server.waitForOutput(sign)
    }
    for (const path of ['livez', 'readyz', 'startupz']) {
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const { status, ms } = await probe(`${admin}/${path}`)
        expect(status).toBe(200)
        times.push(ms)
      }
      console.log(
        `${path}: median ${median(times).toFixed(1)} ms, longest ${Math.max(...times).toFixed(1)} ms`,
      )
      expect(median(times)).toBeLessThan(quickMs)
    }
    const scrapes: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now()
      expect((await fetch(`${admin}/metrics`)).status).toBe(200)
      scrapes.push(performance.now() - startedAt)
    }
    expect(median(scrapes)).toBeLessThan(quickMs)
    await server.stop('SIGKILL')
    await Promise.all(blocked)
  })

  it('are answered though idle connections hold every place: the oldest of them goes', async () => {
    await using server = await runArbiter({ admin: ':0', workers: 1 })
    await servingAt(server)
    const admin = await adminAt(server)
    const idle: Socket[] = []
    let closed = 0
    try {
      for (let count = 0; count < 560; count += 1) {
        const socket = connect(connectionTo(admin))
        idle.push(socket)
        socket
          .on('error', () => {})
          .on('close', () => {
            closed += 1
          })
        await once(socket, 'connect')
        // Half a head is no request either.
        if (count % 2 === 0) socket.write('GET /livez HTTP/1.1\r\n')
      }
      expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 200, ok: true })
      await expect.poll(() => closed).toBeGreaterThan(40)
      expect(idle.slice(0, 40).every(socket => socket.closed)).toBe(true)
      expect(idle.slice(-400).some(socket => socket.closed)).toBe(false)
    } finally {
      for (const socket of idle) socket.destroy()
    }
    expect((await server.stop()).code).toBe(0)
  })

  it('are refused to a page that a name server has led to this machine', async () => {
    await using server = await runArbiter({ admin: ':0', workers: 1 })
    await servingAt(server)
    const admin = await adminAt(server)
    const ask = async (host: string): Promise<string> =>
      String(await rawExchange(admin, `GET /metrics HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`))
    const { port } = new URL(admin)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '10.0.0.1.evil.example',
      'localhost.evil.example',
    ])
      expect(await ask(host)).toMatch(/^HTTP\/1.1 403 [\s\S]*`127\.0\.0\.1`/)
    for (const host of ['localhost', `127.0.0.1:${port}`, `LOCALHOST:${port}`, '[::1]', hostname()])
      expect(await ask(host)).toMatch(/^HTTP\/1.1 200 /)
    expect(String(await rawExchange(admin, 'GET /livez HTTP/1.0\r\n\r\n'))).toMatch(/^HTTP\/1.1 200 /)
    await server.stop()
  })

  it('say that it is not ready from the beginning of a stop on, while it goes on serving and living', async () => {
    await using server = await runArbiter({ admin: ':0', drainDelay: 60 })
    const [url, admin] = [await servingAt(server), await adminAt(server)]
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 200, ok: true })
    server.signal('SIGTERM')
    await server.waitForOutput(/Handling signal: term/)
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 503, ok: false, reason: 'stopping' })
    expect(await probe(`${admin}/livez`)).toMatchObject({ status: 200 })
    expect((await ask(url)).pid).toBeGreaterThan(0)
    expect((await server.stop('SIGINT')).code).toBe(0)
    await expect(probe(`${admin}/livez`)).rejects.toThrow()
  })

  it('tell a start from a server that has started', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    // It boots once the test has seen that it does not.
    const go = `${directory.path}/go`
    const waiting = [
      "import { once } from 'node:events'",
      "import { existsSync, watch } from 'node:fs'",
      // Before the look: nothing can happen in between.
      `const changes = watch('${directory.path}')`,
      `while (!existsSync('${go}')) await once(changes, 'change')`,
      'changes.close()',
      'export default (req, res) => res.end(String(process.pid))',
    ]
    await writeFile(`${directory.path}/app.mjs`, waiting.join('\n'))
    await using server = await runArbiter({ chdir: directory.path, admin: ':0' })
    const admin = await adminAt(server)
    expect(await probe(`${admin}/startupz`)).toMatchObject({ status: 503, reason: 'starting' })
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 503, reason: 'starting' })
    expect(await probe(`${admin}/livez`)).toMatchObject({ status: 200 })
    await writeFile(go, '')
    await servingAt(server)
    expect(await probe(`${admin}/startupz`)).toMatchObject({ status: 200 })
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 200 })
    await server.stop()
  })

  it('say that it is ready after a reload that failed, and not when its workers are sent away', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({ chdir: directory.path, admin: ':0' })
    await servingAt(server)
    const admin = await adminAt(server)
    await writeFile(`${directory.path}/app.mjs`, "throw new Error('broken release')")
    server.signal('SIGHUP')
    await server.waitForOutput(/Reload failed/)
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 200 })
    server.signal('SIGWINCH')
    await server.waitForOutput(/Draining all workers/)
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 503, reason: 'parked' })
    await server.stop()
  })

  it('say that it is not ready while its only worker is gone', async () => {
    await using directory = await temporaryDirectory()
    await cp(fixtures, directory.path, { recursive: true })
    await using server = await runArbiter({ chdir: directory.path, admin: ':0', workers: 1 })
    await servingAt(server)
    const admin = await adminAt(server)
    await writeFile(`${directory.path}/app.mjs`, 'setInterval(() => {}, 1_000)\nawait new Promise(() => {})')
    for (const pid of bootedPids(server)) process.kill(pid, 'SIGKILL')
    await server.waitForOutput(/was ended by SIGKILL/)
    expect(await probe(`${admin}/readyz`)).toMatchObject({ status: 503, reason: 'no-workers' })
    await server.stop()
  })
})

interface SocketAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** A request by hand, because no common client speaks HTTP to a Unix socket. */
async function askSocket(path: string, request: string, header = ''): Promise<SocketAnswer> {
  const bytes = `${request} HTTP/1.1\r\nhost: control\r\nconnection: close\r\n${header}\r\n`
  const answer = String(await rawExchange({ path }, bytes))
  const end = answer.indexOf('\r\n\r\n')
  return {
    status: Number(answer.slice(9, 12)),
    head: answer.slice(0, end),
    body: answer.slice(end + 4).trimEnd(),
  }
}

describe('the control socket', () => {
  it('has the same four paths, which change nothing either, without an admin address', async () => {
    await using arbiter = await controlledArbiter({ settings: { drainDelay: 60 } })
    const { server, client } = arbiter
    const ask = (request: string) => askSocket(client.path, request)
    for (const path of ['/livez', '/startupz', '/readyz']) {
      expect(await ask(`GET ${path}`)).toMatchObject({ status: 200, body: '{"ok":true}' })
      expect(await ask(`HEAD ${path}`)).toMatchObject({ status: 200, body: '' })
    }
    for (const path of ['/livez', '/startupz', '/readyz', '/metrics']) {
      const { status, head } = await ask(`POST ${path}`)
      expect([status, /^allow: (.*)$/im.exec(head)?.[1]]).toEqual([405, 'GET, HEAD'])
    }
    const metrics = await ask('GET /metrics')
    expect(metrics.status).toBe(200)
    expect(metrics.body).toMatch(/^tunicorn_workers\{group="default",state="serving"\} 2$/m)
    expect((await ask('GET /readyz/')).status).toBe(404)
    expect(server.output).not.toContain('Admin at')
    server.signal('SIGTERM')
    await server.waitForOutput(/Handling signal: term/)
    expect(await ask('GET /readyz')).toMatchObject({ status: 503, body: '{"ok":false,"reason":"stopping"}' })
    expect(await ask('GET /livez')).toMatchObject({ status: 200 })
    expect((await server.stop('SIGINT')).code).toBe(0)
  })

  it('has more than the admin address: an order that is 404 there is taken here', async () => {
    await using arbiter = await controlledArbiter({ settings: { admin: ':0' } })
    const { server, client } = arbiter
    const admin = await adminAt(server)
    for (const path of ['/status', '/events']) expect((await fetch(`${admin}${path}`)).status).toBe(404)
    for (const path of ['/reload', '/scale', '/stop'])
      expect((await fetch(`${admin}${path}`, { method: 'POST' })).status).toBe(404)
    expect((await client.status()).arbiter).toMatchObject({ state: 'serving', generation: 0 })
    await client.reload({ wait: true })
    expect((await client.status()).arbiter.generation).toBe(1)
    await client.stop({ wait: true })
    expect((await server.closed).code).toBe(0)
  })

  it('refuses the probes of a web page', async () => {
    await using arbiter = await controlledArbiter()
    const { client } = arbiter
    const answer = await askSocket(client.path, 'GET /readyz', 'origin: http://example.com\r\n')
    expect(answer.status).toBe(403)
  })
})

describe('the admin address', () => {
  it('has nothing but four paths, and nothing that changes anything', async () => {
    await using server = await runArbiter({ admin: ':0' })
    await servingAt(server)
    const admin = await adminAt(server)
    for (const path of ['/', '/reload', '/status', '/stop', '/livez/../reload'])
      expect((await fetch(`${admin}${path}`, { method: 'POST' })).status).toBe(404)
    for (const path of ['/livez', '/metrics']) {
      const refused = await fetch(`${admin}${path}`, { method: 'DELETE' })
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
    const head = await fetch(`${admin}/metrics`, { method: 'HEAD' })
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(1_000)
    expect(await head.text()).toBe('')
    for (const bytes of [
      'nonsense\r\n\r\n',
      `GET /livez HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(10_000)}\r\n\r\n`,
    ])
      expect(String(await rawExchange(admin, bytes))).toMatch(/^HTTP\/1\.1 4(00|31)/)
    expect(await probe(`${admin}/livez`)).toMatchObject({ status: 200 })
    await server.stop()
  })

  it('cuts connections that say nothing, and answers others meanwhile', async () => {
    await using server = await runArbiter({ admin: ':0' })
    await servingAt(server)
    const admin = await adminAt(server)
    const silent = Array.from({ length: 20 }, () => rawExchange(admin, 'GET /livez', { timeoutMs: 20_000 }))
    expect(await probe(`${admin}/livez`)).toMatchObject({ status: 200 })
    for (const answer of await Promise.all(silent)) expect(String(answer)).toMatch(/^HTTP\/1\.1 408/)
    await server.stop()
  })

  it('that is in use ends the start, and is named', async () => {
    const other: Server = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await using server = await runArbiter({ admin: `:${port}` })
    const { code } = await server.closed
    expect(server.output).toMatch(
      new RegExp(`BIND_FAILED: Cannot bind 127.0.0.1:${port}: the address is already in use.*\`admin\``),
    )
    expect(code).toBe(1)
    other.close()
  })
})
