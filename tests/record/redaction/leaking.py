"""A file of checks that lets each canary out through every door that a check has. Copied into a suite of its own."""

import json
import logging
import os
import sys
from pathlib import Path

import allure
import httpx
import pytest

from fixtures.wire.evidence import Evidence
from fixtures.wire.finding import Message
from fixtures.wire.ledger import Ledger
from record.finding import Finding
from record.outcome import Unverified

LEAKS = json.loads(Path(os.environ["CANARIES"]).read_text(encoding="utf-8"))


@pytest.mark.plan("W2-D1-T9")
@pytest.mark.parametrize("number", range(len(LEAKS)), ids=LEAKS)
def test_leaks(request: pytest.FixtureRequest, number: int, wire: httpx.Client, evidence: Evidence, ledger: Ledger) -> None:
    """In words, in files, in requests, and in what it ends with."""
    leak = LEAKS[number]
    ledger.check = request.node.nodeid
    ledger.note(f"/api/contacts/{number}")
    print(leak)  # noqa: T201 - the point
    sys.stderr.write(leak)
    logging.getLogger("leak").warning(leak)
    evidence.attach("dom.html", f"<html><body>{leak}</body></html>")
    evidence.attach("raw.json", json.dumps({"leak": leak}).encode())
    evidence.attach("picture.svg", f"<svg><text>{leak}</text></svg>".encode())
    evidence.measure(leak, 1.0, leak)
    allure.dynamic.description(leak)  # type: ignore[no-untyped-call] # allure has no types for it
    allure.dynamic.parameter("leak", leak)
    allure.attach(leak, name=leak, attachment_type=allure.attachment_type.TEXT)
    allure.attach(leak.encode(), name="bytes", attachment_type=allure.attachment_type.HTML)
    with allure.step(leak):
        wire.request("POST", "/api/auth/login", params={"x": leak}, content=leak.encode(), headers={"x-note": repr(leak)})
    assert isinstance(leak, str)
    (claims, asserts, raises, cannot_look)[number % 4](leak)


def claims(leak: str) -> None:
    """As checks do."""
    assert not leak, Message(Finding(leak, leak, leak, leak))


def asserts(leak: str) -> None:
    """Without a finding."""
    assert leak == "something else"


def raises(leak: str) -> None:
    """As a library that falls over."""
    raise RuntimeError(leak)


def cannot_look(leak: str) -> None:
    """For want of something."""
    raise Unverified(leak, leak)
