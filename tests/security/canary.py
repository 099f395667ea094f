"""The egress canary: tests in a network of their own, where every address is heard, and none is anybody's.

Run below `unshare --user --map-root-user --net`. All addresses of both families lead back to this machine, where the
ports that webhooks go to are listened on; whatever is sent to any address but loopback's is written to a file, and the
exit status is then not that of the tests, but 99.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

HEARD = 99
PROOF = ("192.0.2.1", 443)
_ALL_PROTOCOLS = 3
_IPV4, _IPV6 = b"\x08\x00", b"\x86\xdd"
_SETUP = (
    "ip link set lo up",
    "ip route add local 0.0.0.0/0 dev lo",
    "ip -6 route add local ::/0 dev lo",
)


def destination(frame):
    """Where a frame goes, if that is neither loopback nor what the kernel says by itself."""
    kind, packet = frame[12:14], frame[14:]
    if kind == _IPV4:
        address = socket.inet_ntop(socket.AF_INET, packet[16:20])
        return None if address.startswith("127.") else address
    if kind == _IPV6:
        address = socket.inet_ntop(socket.AF_INET6, packet[24:40])
        return None if address == "::1" or packet[6] == 58 else address  # 58: neighbours are looked for
    return None


def listen(heard):
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_PROTOCOLS))
    ear.bind(("lo", 0))

    def run():
        while True:
            found = destination(ear.recv(65536))
            if found is not None:
                heard.add(found)

    threading.Thread(target=run, daemon=True).start()


def main(report, *arguments):
    for command in _SETUP:
        subprocess.run(command.split(), check=True)
    heard: set[str] = set()
    listen(heard)
    traps = [socket.create_server(("", port)) for port in (80, 443)]
    socket.create_connection(PROOF, timeout=5).close()
    while PROOF[0] not in heard:  # what is sent is heard
        time.sleep(0.01)
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    status = subprocess.run(tests, check=False).returncode
    found = sorted(heard - {PROOF[0]})
    Path(report).write_text("\n".join(found))
    for trap in traps:
        trap.close()
    return HEARD if found else status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
