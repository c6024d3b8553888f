"""Ends what a sandbox started and removes its files once the sandbox is gone, however it went.

A program of its own, standard library only: `reaper.py DIRECTORY`. The sandbox holds the other end of its standard input and
sends it what else to clean up, a line each; the end of that input means that the sandbox ended, by SIGKILL too.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PATIENCE_S = 3.0  # PostgreSQL's immediate shutdown takes 0.01 s; what lingers gets SIGKILL
POLL_S = 0.01


def ended(group: int) -> bool:
    """Whether the process that leads the group is gone, or dead and only waiting for its parent to notice."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return True
    try:
        return Path(f"/proc/{group}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:  # no /proc on this system: the next round asks again
        return False


def signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # it ended in between


def end(children: dict[int, int]) -> None:
    """Each process group gets its own stop signal, then SIGKILL."""
    for group, number in children.items():
        signal_group(group, number)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and not all(map(ended, children)):
        time.sleep(POLL_S)
    for group in children:
        signal_group(group, signal.SIGKILL)


def remove(paths: Iterable[str]) -> None:
    """A process that is just ending may still write into a directory, so its removal is tried again."""
    deadline = time.monotonic() + PATIENCE_S
    for path in map(Path, paths):
        if not path.is_dir():
            path.unlink(missing_ok=True)
        while path.exists() and time.monotonic() < deadline:
            shutil.rmtree(path, ignore_errors=True)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when the sandbox does, not before
    children: dict[int, int] = {}
    paths = dict.fromkeys(sys.argv[1:])
    for line in sys.stdin:
        kind, _, rest = line.rstrip("\n").partition(" ")
        if kind == "child":
            group, stop_signal = rest.split()
            children[int(group)] = int(stop_signal)
        elif kind == "ended":
            children.pop(int(rest), None)
        elif kind == "path":
            paths[rest] = None
    end(children)
    remove(paths)


if __name__ == "__main__":
    main()
