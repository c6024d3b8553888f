"""What the generator says of itself when it, and not the product, is at fault.

Each case runs in a process of its own: gevent must not enter this one.
"""

import json
import subprocess
import sys
from typing import Any

from record.suite import ROOT

PROGRAM = """
import gevent.monkey
gevent.monkey.patch_all()
import json, time
from fixtures.product.journeys import JOURNEYS
from fixtures.wire.ledger import Ledger
from load import generator, plans
from load.arrivals import Due, requests, times
from load.generator import Generator
from load.sender import Response
from record.redaction import Redactor
from record.samples import Plan
from load.shapes import SHAPES

JOURNEY = [journey for journey in JOURNEYS if journey.name == NAME]
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
        SEND
        return Response(200, None, b'{"status": "healthy"}', time.perf_counter())


sender, kept = Sender(), []
sending = Generator({False: sender, True: sender}, PLAN, lambda *_: {}, Ledger("lv-test", None), kept.append, redactor=Redactor())
BEFORE
sending.run(requests(times("constant", SHAPES["constant"], 50.0, 1.0, most_rps=1e6, seed=1), JOURNEY, 1.0, 1, "lv-test"))
print(json.dumps({"problems": sending.problems, "kept": len(kept), "due": sending.due, "distress": sending.distress,
                  "late": max(s.lateness_s for s in kept),
                  "withheld": sum(s.error == "Withheld" for s in kept)}))
"""


def outcome_of(*, send: str = "gevent.sleep(0.01)", before: str = "", journey: str = "vigilar") -> dict[str, Any]:
    program = PROGRAM.replace("SEND", send).replace("BEFORE", before).replace("NAME", repr(journey))
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_sound_generator_has_nothing_to_say() -> None:
    found = outcome_of()

    assert found["problems"] == []
    assert found["kept"] == found["due"] == 50


def test_a_clock_that_jumps_voids_the_run() -> None:
    """Suspended, or set: the product's log then has other times than the samples, and nothing was measured meanwhile."""
    jump = "clock = time.time\ngenerator.time.time = lambda: clock() + (3600 if time.perf_counter() > START + 0.5 else 0)"
    found = outcome_of(before=f"START = time.perf_counter()\n{jump}")

    assert found["problems"] == ["the clock of this machine jumped by 3600.0 s in the run: was it suspended, or set?"]


def test_a_generator_that_computes_all_the_time_is_late() -> None:
    assert outcome_of(send="end = time.perf_counter() + 0.03\n        while time.perf_counter() < end: pass")["late"] > 0.05


def test_a_process_that_stood_still_is_named_and_blames_nobody() -> None:
    """Whatever was under way then looks slow, and the target had no part in it."""
    found = outcome_of(before="gevent.spawn_later(0.3, gevent.monkey.get_original('time', 'sleep'), 2.5)")

    assert [problem for problem in found["problems"] if "the generator stood still for 2." in problem]
    assert found["distress"] is None


def test_a_saturated_core_is_named() -> None:
    """As a machine without neighbours counts it: this one may have some, and they take their share."""
    found = outcome_of(before="generator.time.process_time = time.perf_counter")

    assert found["problems"] == [
        "the generator used 100 % of a core: it was saturated; spread the rate over --processes or --worker, or lower it"
    ]


def test_requests_beyond_the_limit_are_counted() -> None:
    found = outcome_of(before="sending.max_in_flight = 3", send="gevent.sleep(0.5)")

    assert found["kept"] < found["due"] == 50
    assert any("because 3 were under way already: raise `ulimit -n`" in problem for problem in found["problems"])


def test_a_mistake_of_ours_ends_the_run_and_is_named() -> None:
    """It must not look like a request that was never planned."""
    found = outcome_of(send="if sending.due > 5: raise RuntimeError('ours')")

    assert "GET /health could not be sent: RuntimeError: ours" in found["problems"]
    assert found["due"] < 50


def test_steps_of_a_row_that_was_not_made_are_withheld() -> None:
    """They are no failures of their own endpoints, and no missing load."""
    found = outcome_of(journey="mantener un contacto")

    assert found["problems"] == []
    assert found["kept"] == found["due"]
    assert found["withheld"] > 10
