/** What runs, how many times, and where it is reached. */
import type { SomeNotes } from './setting-note.js'

export const appNotes: SomeNotes<
  | 'app'
  | 'appKind'
  | 'adoptListen'
  | 'appSignal'
  | 'workerClass'
  | 'workerOptions'
  | 'workers'
  | 'env'
  | 'envFile'
  | 'nodeOptions'
  | 'autoscale'
  | 'maxRssTotal'
  | 'bind'
  | 'socketMode'
  | 'backlog'
  | 'proxyProtocol'
  | 'forwardedAllowIps'
  | 'forwardedHeaders'
  | 'requestIdHeader'
> = {
  app: {
    when: 'always, in the config file or on the command line',
    example: './app.js:handler',
    gunicorn: 'wsgi_app',
    pm2: 'script',
  },
  appKind: { when: 'the start fails because the kind of the app cannot be inferred', example: 'node' },
  adoptListen: { when: 'an HTTP server in the app should not be served by Tunicorn', example: false },
  appSignal: {
    when: 'a SIGTERM listener of the app does something that should happen only when the whole program ends',
    example: false,
  },
  workerClass: {
    when: 'several worker classes are installed',
    example: 'event-loop',
    gunicorn: 'worker_class',
    pm2: 'exec_mode',
  },
  workerOptions: {
    when: 'the README of the worker class has an option that you need',
    example: { threads: 4 },
    gunicorn: 'threads',
  },
  workers: {
    when: 'in production; one for each processor is a good start',
    example: 'auto',
    gunicorn: 'workers',
    pm2: 'instances',
  },
  env: {
    when: 'a value belongs in the configuration, and is not a secret',
    example: { NODE_ENV: 'production' },
    gunicorn: 'raw_env',
    pm2: 'env',
  },
  envFile: {
    when: 'variables are in a file that a deploy may change',
    example: ['.env', '.env.production'],
    pm2: 'env_file',
  },
  nodeOptions: {
    when: 'workers need a preloaded module, a larger heap or another flag of Node.js',
    example: ['--max-old-space-size=512'],
    pm2: 'node_args',
  },
  autoscale: {
    when: 'the machine does other things too, and the load varies over the day',
    example: { min: 2, max: 8 },
  },
  maxRssTotal: {
    when: 'the number of workers follows the load, and memory runs short before processors do',
    example: '2gb',
  },
  bind: {
    when: 'the server should be reachable from elsewhere, on another port or over a Unix socket',
    example: ['0.0.0.0:8000', 'unix:/run/app/app.sock'],
    gunicorn: 'bind',
  },
  socketMode: {
    when: 'a proxy under another user connects over a Unix socket',
    example: '0660',
    gunicorn: 'umask',
  },
  backlog: {
    when: 'bursts of connections are dropped although workers have time; `net.core.somaxconn` limits it',
    example: 4096,
    gunicorn: 'backlog',
  },
  proxyProtocol: {
    when: 'a load balancer that only forwards bytes names the client in a prefix',
    example: 'v2',
    gunicorn: 'proxy_protocol',
  },
  forwardedAllowIps: {
    when: 'a proxy on another machine is in front',
    example: ['10.0.0.0/8'],
    gunicorn: 'forwarded_allow_ips',
  },
  forwardedHeaders: {
    when: 'the proxy sets more fields than the default two, in every request',
    example: ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Forwarded-Host'],
    gunicorn: 'secure_scheme_headers',
  },
  requestIdHeader: { when: 'you want to find a request again in all logs', example: 'X-Request-Id' },
}
