"""Runs a command in a terminal and types: terminal.py STEPS COMMAND...

STEPS is JSON: a list of [what has to be on the screen, what is then typed]. Everything that the command writes goes to
standard output, and its exit code is the one here; 99 when it waits for something else.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios

PATIENCE_SECONDS = 20

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    # 24 lines of 80 characters; a new one has none.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])

# Since the last time that something was typed.
screen = b""
while True:
    if not select.select([terminal], [], [], PATIENCE_SECONDS)[0]:
        os.kill(pid, signal.SIGKILL)
        sys.exit(99)
    try:
        part = os.read(terminal, 65536)
    except OSError:  # The command has ended: so Linux says it.
        part = b""
    if part == b"":
        break
    os.write(1, part)
    screen += part
    if steps and steps[0][0].encode() in screen:
        os.write(terminal, steps.pop(0)[1].encode())
        screen = b""

_, status = os.waitpid(pid, 0)
sys.exit(99 if steps else os.waitstatus_to_exitcode(status))
