import type { SomeRecords } from '../setting-record.js'
import { filledText } from '../text-kinds.js'

/** How a running server is watched and steered. */
export const controlRecords: SomeRecords<'control'> = {
  control: {
    ...filledText,
    expected: 'a path, "auto" or "off"',
    name: 'control',
    scope: 'arbiter',
    flag: { long: '--control', metavar: 'PATH' },
    default: 'auto',
    summary: 'Unix socket of the control API, auto or off',
    details:
      '`auto` is a socket named after the process id, in `$XDG_RUNTIME_DIR/tunicorn` or else `tunicorn-UID` in the directory for temporary files, where `tunicorn ctl` finds it; an arbiter that is embedded in a program has it only with the option `signals`. Only the user of the arbiter may connect (directory 0700, socket 0600). A socket that cannot be had is a warning, and the server serves without. A change takes effect with the next start or upgrade.',
  },
}
