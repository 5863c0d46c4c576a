"""What systemd is to a service: receives datagrams at the path in the first argument and prints each as a line of JSON."""
import json
import socket
import sys
import time

receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print('receiving', flush=True)
while True:
    # `recv` drops descriptors that come along, which is the answer that a barrier of sd_notify(3) waits for.
    text = receiver.recv(65536).decode()
    fields = dict(line.split('=', 1) for line in text.splitlines() if '=' in line)
    print('message ' + json.dumps({'at': time.monotonic(), 'fields': fields}), flush=True)
