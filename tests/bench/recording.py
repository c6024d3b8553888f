"""A pytest plugin that writes down what a run sends and which pages it opens, in order, for `floor.py` to do the same bare."""

import base64
import json
import os
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # a plugin given with -p is imported before pytest may rewrite the asserts of `fixtures`
    from fixtures.wire.evidence import Exchange

TRACE = "BENCH_TRACE"  # the path of the trace; it holds live tokens, so whoever sets it removes the file
Step = dict[str, Any]


class Recording:
    """Steps in their order; `of` wraps a method so that calling it is one, unless it is part of another."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self._inside = False

    def of(self, method: Callable[..., Any], describe: Callable[..., Step]) -> Callable[..., Any]:
        def telling(*arguments: Any, **options: Any) -> Any:
            if self._inside:
                return method(*arguments, **options)
            self.steps.append(describe(*arguments, **options))
            self._inside = True
            try:
                return method(*arguments, **options)
            finally:
                self._inside = False

        return telling

    def sent(self, exchange: "Exchange") -> None:
        """Of the browser's requests, which come from the guard's threads, the opened page is the step."""
        if threading.current_thread() is not threading.main_thread() or exchange.error:
            return
        headers, body = dict(exchange.request_headers), base64.b64encode(exchange.request_body).decode()
        self.steps.append({"do": "send", "method": exchange.method, "url": exchange.url, "headers": headers, "body": body})


def _opening(_: object, path: str = "/", *, device: str = "Desktop Chrome", role: str | None = None) -> Step:
    return {"do": "open", "path": path, "device": device, "role": role}


def _settling(_: object, __: object) -> Step:
    return {"do": "settle"}


def _signing_in(_: object, __: object, role: str) -> Step:
    return {"do": "sign in", "role": role}


@pytest.fixture(autouse=True, scope="session")
def recording() -> Generator[None]:
    from fixtures.browser.visit import Visit  # noqa: PLC0415 - see above
    from fixtures.wire.evidence import Evidence  # noqa: PLC0415 - see above

    kept, record = Recording(), Evidence.record

    def recorded(evidence: "Evidence", exchange: "Exchange") -> None:
        kept.sent(exchange)
        record(evidence, exchange)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Evidence, "record", recorded)
        told: dict[str, Callable[..., Step]] = {"__call__": _opening, "settle": _settling, "sign_in": _signing_in}
        for name, describe in told.items():
            patch.setattr(Visit, name, kept.of(getattr(Visit, name), describe))
        yield
    Path(os.environ[TRACE]).write_text(json.dumps(kept.steps), encoding="utf-8")
