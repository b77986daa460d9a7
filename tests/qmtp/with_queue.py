#!/usr/bin/python3
"""with_queue COMMAND...: run COMMAND in the home, beside a queue-serve; exits as it does."""
import os
import socket
import subprocess
import sys

home = os.environ["FACTEUR_HOME"]
for folder in "run", "queue/new", "queue/bad", "queue/journal":
    os.makedirs(os.path.join(home, folder), exist_ok=True)
os.chdir(home)
listener = socket.socket(socket.AF_UNIX)
listener.bind("run/queue.sock")
listener.listen(16)
service = subprocess.Popen(["queue-serve"], stdin=listener, stdout=subprocess.PIPE)
try:
    service.stdout.read(1)
    code = subprocess.run(sys.argv[1:]).returncode
finally:
    service.terminate()
    service.wait()
sys.exit(code)
