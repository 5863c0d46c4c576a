/** Bare `node:http` behind an nginx that ends TLS and speaks HTTP/2, with the pair in `$BENCH_CERT` and `$BENCH_KEY`. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, createServer as createPortFinder } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import app from './node-app.mjs'

const { BENCH_CERT, BENCH_KEY } = process.env
const directory = mkdtempSync(join(tmpdir(), 'bench-nginx-'))
const server = createServer(app)
await new Promise(resolve => server.listen(0, '127.0.0.1', 2048, resolve))
const port = await freePort()
writeFileSync(
  join(directory, 'nginx.conf'),
  `daemon off; pid ${directory}/pid; error_log stderr error; worker_processes 1;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path ${directory}/a; proxy_temp_path ${directory}/b; fastcgi_temp_path ${directory}/c;
  uwsgi_temp_path ${directory}/d; scgi_temp_path ${directory}/e; keepalive_requests 100000000;
  upstream app { server 127.0.0.1:${server.address().port}; keepalive 64; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl http2 backlog=2048; ssl_certificate ${BENCH_CERT}; ssl_certificate_key ${BENCH_KEY};
    location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ''; }
  }
}`,
)
const nginx = spawn('nginx', ['-p', directory, '-c', join(directory, 'nginx.conf')], { stdio: 'inherit' })
nginx.once('error', end).once('exit', end)
process.once('SIGTERM', end)
await reachable()
console.log(`Listening at: https://127.0.0.1:${port} (${process.pid})`)

function freePort() {
  const finder = createPortFinder()
  return new Promise(resolve =>
    finder.listen(0, '127.0.0.1', () => {
      const { port } = finder.address()
      finder.close(() => resolve(port))
    }),
  )
}

async function reachable() {
  const isOpen = () =>
    new Promise(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  while (!(await isOpen())) await new Promise(resolve => setTimeout(resolve, 20))
}

function end() {
  nginx.kill()
  rmSync(directory, { recursive: true, force: true })
  process.exit()
}
