"""What the generator says of itself when it, and not the product, is at fault.

All cases run beside this process, in forks of one that has imported what they need: gevent must not enter this one.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from record.suite import ROOT

PROGRAM = """
import gevent.monkey
gevent.monkey.patch_all()
import json, os, sys, time
from fixtures.product.journeys import JOURNEYS
from fixtures.wire.ledger import Ledger
from load import generator
from load.arrivals import requests, times
from load.generator import Generator
from load.sender import Response
from record.redaction import Redactor
from record.samples import Plan
from load.shapes import SHAPES

PLAN = Plan("lv-test", "test", "2030-01-01", 50.0, 1.0, 50, 1.0, "constant", 1)


class Sender:
    connections = 1

    def describe(self, *_):
        return None

    def admit(self, _):
        pass

    def wait_turn(self, _):
        pass

    def send(self, method, target, headers, limit_s, body=b""):
        exec(self.does)
        return Response(200, None, b'{"status": "healthy"}', time.perf_counter())


def outcome_of(send, before, journey):
    sender, kept = Sender(), []
    sender.does = compile(send, "send", "exec")
    sending = Generator(
        {False: sender, True: sender}, PLAN, lambda *_: {}, Ledger("lv-test", None), kept.append, redactor=Redactor()
    )
    Sender.sending = sending
    exec(before, globals() | {"sending": sending})
    journeys = [each for each in JOURNEYS if each.name == journey]
    due = times("constant", SHAPES["constant"], 50.0, 1.0, most_rps=1e6, seed=1)
    sending.run(requests(due, journeys, 1.0, 1, "lv-test"))
    return {"problems": sending.problems, "kept": len(kept), "due": sending.due, "distress": sending.distress,
            "late": max(s.lateness_s for s in kept), "withheld": sum(s.error == "Withheld" for s in kept)}


for name, case in json.loads(sys.stdin.read()).items():
    child = os.fork()
    if child == 0:
        print(json.dumps({name: outcome_of(**case)}), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


@dataclass(frozen=True)
class Case:
    """What sending does, what happens `before` the first request, and what is sent."""

    send: str = "gevent.sleep(0.01)"
    before: str = ""
    journey: str = "vigilar"


JUMP = """
began, clock = time.perf_counter(), time.time
generator.time.time = lambda: clock() + (3600 if time.perf_counter() > began + 0.5 else 0)
"""
CASES = {
    "sound": Case(),
    "clock jumps": Case(before=JUMP),
    "computes": Case(send="end = time.perf_counter() + 0.03\nwhile time.perf_counter() < end: pass"),
    "stands still": Case(before="gevent.spawn_later(0.3, gevent.monkey.get_original('time', 'sleep'), 2.5)"),
    # As a machine without neighbours counts it: this one may have some, and they take their share.
    "saturated": Case(before="generator.time.process_time = time.perf_counter"),
    "beyond the limit": Case(before="sending.max_in_flight = 3", send="gevent.sleep(0.5)"),
    "mistake": Case(send="if self.sending.due > 5: raise RuntimeError('ours')"),
    "row not made": Case(journey="mantener un contacto"),
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What became of each case, by its name."""
    told = json.dumps({name: asdict(case) for name, case in CASES.items()})
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=ROOT, input=told, capture_output=True, text=True, check=False, timeout=600)
    outcomes: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        outcomes |= json.loads(line)
    assert outcomes.keys() == CASES.keys(), done.stderr
    return outcomes


def test_a_sound_generator_has_nothing_to_say(found: dict[str, Any]) -> None:
    sound = found["sound"]

    assert sound["problems"] == []
    assert sound["kept"] == sound["due"] == 50


def test_a_clock_that_jumps_voids_the_run(found: dict[str, Any]) -> None:
    """Suspended, or set: the product's log then has other times than the samples, and nothing was measured meanwhile."""
    says = "the clock of this machine jumped by 3600.0 s in the run: was it suspended, or set?"

    assert found["clock jumps"]["problems"] == [says]


def test_a_generator_that_computes_all_the_time_is_late(found: dict[str, Any]) -> None:
    assert found["computes"]["late"] > 0.05


def test_a_process_that_stood_still_is_named_and_blames_nobody(found: dict[str, Any]) -> None:
    """Whatever was under way then looks slow, and the target had no part in it."""
    stood = found["stands still"]

    assert [problem for problem in stood["problems"] if "the generator stood still for 2." in problem]
    assert stood["distress"] is None


def test_a_saturated_core_is_named(found: dict[str, Any]) -> None:
    assert found["saturated"]["problems"] == [
        "the generator used 100 % of a core: it was saturated; spread the rate over --processes or --worker, or lower it"
    ]


def test_requests_beyond_the_limit_are_counted(found: dict[str, Any]) -> None:
    limited = found["beyond the limit"]

    assert limited["kept"] < limited["due"] == 50
    assert any("because 3 were under way already: raise `ulimit -n`" in problem for problem in limited["problems"])


def test_a_mistake_of_ours_ends_the_run_and_is_named(found: dict[str, Any]) -> None:
    """It must not look like a request that was never planned."""
    mistaken = found["mistake"]

    assert "GET /health could not be sent: RuntimeError: ours" in mistaken["problems"]
    assert mistaken["due"] < 50


def test_steps_of_a_row_that_was_not_made_are_withheld(found: dict[str, Any]) -> None:
    """They are no failures of their own endpoints, and no missing load."""
    withheld = found["row not made"]

    assert withheld["problems"] == []
    assert withheld["kept"] == withheld["due"]
    assert withheld["withheld"] > 10
