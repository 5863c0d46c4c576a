/** The process, its logs, how it is watched, and development. */
import type { SomeNotes } from './setting-note.js'

export const operationNotes: SomeNotes<
  | 'chdir'
  | 'pidfile'
  | 'user'
  | 'group'
  | 'umask'
  | 'procName'
  | 'accessLog'
  | 'accessLogFormat'
  | 'accessLogFields'
  | 'accessLogSkip'
  | 'captureOutput'
  | 'errorLog'
  | 'logLevel'
  | 'logFormat'
  | 'control'
  | 'admin'
  | 'statsdHost'
  | 'statsdPrefix'
  | 'dogstatsdTags'
  | 'reload'
  | 'reloadExtraFiles'
  | 'reloadIgnore'
  | 'inspect'
  | 'inspectBrk'
> = {
  chdir: {
    when: 'the app is elsewhere, for example behind a link that a deploy changes',
    example: '/srv/app/current',
    gunicorn: 'chdir',
    pm2: 'cwd',
  },
  pidfile: {
    when: 'scripts send signals, and neither systemd nor `tunicorn ctl` does it for them',
    example: '/run/app/tunicorn.pid',
    gunicorn: 'pidfile',
    pm2: 'pid_file',
  },
  user: {
    when: 'the arbiter has to be root, for files that only root may read',
    example: 'www-data',
    gunicorn: 'user',
    pm2: 'uid',
  },
  group: {
    when: 'workers should have a different group from that of `user`',
    example: 'www-data',
    gunicorn: 'group',
    pm2: 'gid',
  },
  umask: {
    when: 'files that the app creates must be private, or shared',
    example: 0o027,
    exampleText: '0o027',
    gunicorn: 'umask',
  },
  procName: {
    when: 'several servers run on one machine, and `ps` should tell them apart',
    example: 'shop',
    gunicorn: 'proc_name',
    pm2: 'name',
  },
  accessLog: {
    when: 'no proxy in front writes one',
    example: '/var/log/app/access.log',
    gunicorn: 'accesslog',
  },
  accessLogFormat: {
    when: 'programs read the access log',
    example: 'json',
    gunicorn: 'access_log_format',
  },
  accessLogFields: { when: 'JSON lines should include header fields of the request', example: ['x-tenant'] },
  accessLogSkip: { when: 'probes fill the access log', example: ['/healthz', 'kube-probe/'] },
  captureOutput: {
    when: 'the output of the app should be attributed to its worker, or be in the log file',
    example: true,
    gunicorn: 'capture_output',
    pm2: 'merge_logs',
  },
  errorLog: {
    when: 'nothing collects standard error',
    example: '/var/log/app/tunicorn.log',
    gunicorn: 'errorlog',
    pm2: 'error_file',
  },
  logLevel: { when: 'you are investigating a problem', example: 'debug', gunicorn: 'loglevel' },
  logFormat: {
    when: 'you want JSON on a terminal, or text elsewhere',
    example: 'json',
    gunicorn: 'logconfig_json',
    pm2: 'log_type',
  },
  control: {
    when: 'scripts and services should find the server by a known path',
    example: '/run/app/control.sock',
    gunicorn: 'control_socket',
  },
  admin: { when: 'a platform sends probes, or Prometheus scrapes metrics', example: '0.0.0.0:9100' },
  statsdHost: { when: 'metrics are collected by StatsD', example: '127.0.0.1:8125', gunicorn: 'statsd_host' },
  statsdPrefix: { when: 'several servers send to one StatsD', example: 'shop', gunicorn: 'statsd_prefix' },
  dogstatsdTags: {
    when: 'the StatsD server supports tags, as that of Datadog does',
    example: 'env:prod,team:shop',
    gunicorn: 'dogstatsd_tags',
  },
  reload: { when: 'you write the app', example: true, gunicorn: 'reload', pm2: 'watch' },
  reloadExtraFiles: {
    when: '`reload` should watch templates or other files that are not code',
    example: ['./views', '.env'],
    gunicorn: 'reload_extra_files',
    pm2: 'watch',
  },
  reloadIgnore: {
    when: 'the app writes into its own directory',
    example: ['./uploads'],
    pm2: 'ignore_watch',
  },
  inspect: { when: 'you attach a debugger', example: '9229' },
  inspectBrk: { when: 'you debug what the app does while it is being loaded', example: '9229' },
}
