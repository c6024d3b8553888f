"""A program that nobody may reach: it counts the connections and datagrams that arrive. Run as a process of its own.

Prints its TCP and UDP port; then answers each line on its input with the count so far.
"""

import contextlib
import socket
import sys


def waiting(listener: socket.socket, datagrams: socket.socket) -> int:
    """How many have arrived since the last time. The kernel completed each before its sender went on, so none is missed."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    with contextlib.suppress(BlockingIOError):
        while True:
            datagrams.recv(65536)
            count += 1
    return count


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        datagrams.bind(("127.0.0.1", 0))
        for each in (listener, datagrams):
            each.setblocking(False)
        print(listener.getsockname()[1], datagrams.getsockname()[1], flush=True)  # noqa: T201 - its output is its interface
        total = 0
        for _ in sys.stdin:
            total += waiting(listener, datagrams)
            print(total, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
