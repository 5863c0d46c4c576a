import { hello, respond } from '../support/apps.js'
import { get } from '../support/requests.js'
import { describeRows } from '../support/rows.js'

describeRows('HTTP: fields of every response', [
  {
    given: 'no options',
    when: 'a response is sent',
    expects: 'a date and no server',
    app: hello,
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*date: \w{3}, /is,
    never: /server:/i,
  },
  {
    given: 'the option serverHeader',
    when: 'the app names a server',
    expects: 'the name of the app',
    app: () => respond(200, [['Server', 'mine']]),
    options: { serverHeader: true },
    sends: get(),
    receives: /server: mine\r\n/i,
    never: /tunicorn/,
  },
  {
    given: 'the option serverHeader',
    when: 'a response is sent',
    expects: 'our name',
    app: hello,
    options: { serverHeader: true },
    sends: get(),
    receives: /server: tunicorn\r\n/i,
  },
  {
    given: 'the option headers with two servers',
    when: 'a response is sent',
    expects: 'both',
    app: hello,
    options: {
      headers: [
        ['server', 'a'],
        ['server', 'b'],
      ],
    },
    sends: get(),
    receives: /server: a\r\nserver: b\r\n/,
  },
  {
    given: 'the option headers',
    when: 'a response is sent',
    expects: 'the field, besides the others',
    app: hello,
    options: { headers: [['x-additional', 'yes']] },
    sends: get(),
    receives: /^HTTP\/1\.1 200 OK\r\n.*content-length: 12\r\nx-additional: yes\r\nDate:/s,
  },
  {
    given: 'dateHeader: false',
    when: 'a response is sent',
    expects: 'no date',
    app: hello,
    options: { dateHeader: false },
    sends: get(),
    receives: /Hello, world$/,
    never: /date:/i,
  },
])
