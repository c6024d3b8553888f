"""Starts the whole sandbox, announces it when it answers, and ends it."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from sandbox import faults
from sandbox.process import announcement, foundation, profile
from sandbox.process.children import Children, PartFailed
from sandbox.process.deployment import Deployment
from sandbox.process.foundation import Choices

PARENT_POLL_S = 0.2


@dataclass(frozen=True)
class Options:
    """The options of `up`."""

    faults: tuple[str, ...] = ()
    write_env: Path | None = None
    json: bool = False
    share: bool = False
    choices: Choices = field(default_factory=Choices)


def run(options: Options) -> int:
    """Until Ctrl-C, SIGTERM or the end of the parent process; the exit code."""
    try:
        with profile.reserve_shared() if options.share else contextlib.nullcontext(), Children() as children:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, children.end_at_once)
            _end_with_the_parent()
            return _run(options, children)
    except (faults.UnknownFault, faults.ExclusiveFaults) as error:
        _say(error)
        return 2
    except PartFailed as error:
        _say(error)
        return 1


def _say(error: Exception) -> None:
    print(f"sandbox: {error}", file=sys.stderr, flush=True)  # noqa: T201 - to the person who started the sandbox


def _end_with_the_parent() -> None:
    """A test run that is killed cannot end its sandbox, so the sandbox watches its parent."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def _run(options: Options, children: Children) -> int:
    for name in options.faults:  # before anything starts: some are read then
        faults.switch(name, True)
    prepared, loaded = foundation.prepare(children, options.choices)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_serve(Deployment(children, prepared, loaded), options))


async def _serve(deployment: Deployment, options: Options) -> int:
    """Start, announce, and serve until a signal; the exit code."""
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    starting = asyncio.ensure_future(deployment.start())
    ending = asyncio.ensure_future(end.wait())
    either: list[asyncio.Future[Any]] = [starting, ending]
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        return 128 + signal.SIGINT  # the runner cancels what is still starting
    starting.result()
    settings = deployment.foundation.settings
    env_file = announcement.write_profiles(deployment.children, settings, options.write_env, share=options.share)
    show = announcement.as_json if options.json else announcement.as_table
    print(show(settings, env_file), flush=True)  # noqa: T201 - the result of `up`
    await deployment.serve_until(end)
    return 0
