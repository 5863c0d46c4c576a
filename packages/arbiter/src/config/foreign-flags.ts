/** Counterparts of other servers' flags: Gunicorn's, Uvicorn's, PM2's and others'. Flags with the same name here are not listed. */
const counterparts: ReadonlyMap<string, string> = new Map([
  ['--port', 'the port is a part of `--bind`, as in `--bind :3000`'],
  ['--host', 'the host is a part of `--bind`, as in `--bind 127.0.0.1:3000`'],
  ['--uds', 'a Unix socket is `--bind unix:PATH`'],
  ['--preload', 'processes of Node.js share no memory, so that each worker loads the app'],
  ['--instances', 'the number of workers is `--workers`'],
  ['--watch', 'to load changed code is `--reload`'],
  ['--daemon', 'the server stays in the foreground; a service manager such as systemd keeps it'],
  ['--threads', 'the number of threads is an option of the class thread-pool: `-k thread-pool -o threads=4`'],
  ['--ssl-certfile', 'the certificate is `--certfile`'],
  ['--ssl-keyfile', 'the key is `--keyfile`'],
  ['--max-memory-restart', 'the limit of memory is `--max-rss`'],
  ['--log-file', 'the log file is `--error-logfile`'],
])

/** What to write instead of a flag, as typed. Undefined: no other server has it. */
export function counterpartOf(flag: string): string | undefined {
  return counterparts.get(flag.replace(/=.*/s, ''))
}
