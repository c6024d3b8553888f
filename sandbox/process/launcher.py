"""Starts the whole sandbox, says when it answers, and ends it."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from sandbox import faults
from sandbox.process import announcement, foundation, parts, profile
from sandbox.process.children import Children, PartFailed
from sandbox.process.deployment import Deployment
from sandbox.process.foundation import Choices
from sandbox.process.parts import Parts

PARENT_POLL_S = 0.2


@dataclass(frozen=True)
class Options:
    """What `up` was asked for."""

    faults: tuple[str, ...] = ()
    write_env: Path | None = None
    json: bool = False
    share: bool = False
    choices: Choices = field(default_factory=Choices)


def run(options: Options, load: Callable[[], Parts] | None = None) -> int:
    """Until Ctrl-C, SIGTERM or the end of the parent process; the exit code. `load` brings the parts."""
    try:
        with profile.the_shared_one() if options.share else contextlib.nullcontext(), Children() as children:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, children.end_at_once)
            _end_with_the_parent()
            return _run(options, load or parts.load, children)
    except (faults.UnknownFault, faults.ExclusiveFaults) as error:
        _say(error)
        return 2
    except PartFailed as error:
        _say(error)
        return 1


def _say(error: Exception) -> None:
    print(f"sandbox: {error}", file=sys.stderr, flush=True)  # noqa: T201 - to the person who started the sandbox


def _end_with_the_parent() -> None:
    """A run that is killed cannot end its sandbox, and nobody would use it any more."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_POLL_S)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()


def _run(options: Options, load: Callable[[], Parts], children: Children) -> int:
    for name in options.faults:  # before anything starts: some are read then
        faults.switch(name, True)
    ground, loaded = foundation.lay(children, options.choices, load)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_live(Deployment(children, ground, loaded), options))


async def _live(deployment: Deployment, options: Options) -> int:
    """Start, announce, and serve until told to end; the exit code."""
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
