"""Runs a Python program and notes which of its lines each request executes; another process asks for them over HTTP.

    python -m proof.mutants.tracer --package NAME --names a,b --announce FILE -- MODULE ARGUMENT...

POST /asked-for answers with the places that were reached since the last time, as strings: `file:line` of the package, the name
alone of a template, `op GET /path` of a request, `table NAME` of a query that names one, and what a script in a browser tells by
a request with the query `reached=NAME` (see `probes`). GET /operations answers with
{"operations": {operation: [place]}, "loads": [[page, file]]}: what each request reached, and who asked for each file.
"""

import argparse
import contextvars
import json
import re
import runpy
import sys
import threading
from collections import defaultdict
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from urllib.parse import urlsplit

from record.operation import IDS

QUERIES = ("psycopg/cursor_async.py", "psycopg/cursor.py")
TEMPLATES = "templates/"
REACHED = "reached="
Trace = Callable[[FrameType, str, Any], Any]


def without_ids(path: str) -> str:
    return IDS.sub("{id}", path)


class Notes:
    """What was reached: since the last question, and by each operation since the beginning."""

    def __init__(self) -> None:
        self.since: set[str] = set()
        self.operations: defaultdict[str, set[str]] = defaultdict(set)
        self.loads: set[tuple[str, str]] = set()
        self.current = contextvars.ContextVar("current", default="")

    def add(self, place: str) -> None:
        self.since.add(place)
        if current := self.current.get():
            self.operations[current].add(place)

    def begin(self, scope: dict[str, Any]) -> None:
        """A request, from here on in its own context."""
        query = scope["query_string"].decode("latin-1")
        if query.startswith(REACHED):
            self.since.add(query.removeprefix(REACHED))
            return
        name = f"{scope.get('method', 'GET')} {without_ids(scope['path'])}"
        self.current.set(name)
        self.since.add(f"op {name}")
        self.operations[name].add(f"op {name}")
        referer = dict(scope["headers"]).get(b"referer", b"").decode("latin-1")
        self.loads.add((without_ids(urlsplit(referer).path), without_ids(scope["path"])))

    def drain(self) -> list[str]:
        reached, self.since = self.since, set()
        return sorted(reached)


class Tracer:
    """`package`: the folder whose lines are noted. `names`: what is looked for in queries."""

    def __init__(self, package: str, names: set[str], notes: Notes) -> None:
        self._folder = f"{Path.cwd() / package}/"
        self._words = re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b") if names else None
        self._notes = notes
        self._kinds: dict[CodeType, Trace | None] = {}

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Trace | None:
        """For each call of any function: what to do with its lines."""
        code = frame.f_code
        if code not in self._kinds:
            self._kinds[code] = self._kind_of(code)
        kind = self._kinds[code]
        return kind(frame, event, argument) if kind else None

    def _kind_of(self, code: CodeType) -> Trace | None:
        if code.co_filename.startswith(self._folder):
            arguments = code.co_varnames[: code.co_argcount]
            return self._asgi if "scope" in arguments and "receive" in arguments else self._call
        if code.co_filename.startswith(TEMPLATES):
            return self._template
        if code.co_filename.endswith(QUERIES) and code.co_name in ("execute", "executemany", "stream"):
            return self._query
        return None

    def _asgi(self, frame: FrameType, event: str, argument: Any) -> Trace:
        scope = frame.f_locals["scope"]
        if scope["type"] in ("http", "websocket") and event == "call":
            self._notes.begin(scope)
        return self._call(frame, event, argument)

    def _call(self, frame: FrameType, _event: str, _argument: Any) -> Trace:
        self._notes.add(f"{self._name(frame.f_code)}:{frame.f_lineno}")
        return self._line

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Trace:
        if event == "line":
            self._notes.add(f"{self._name(frame.f_code)}:{frame.f_lineno}")
        return self._line

    def _name(self, code: CodeType) -> str:
        return code.co_filename.removeprefix(f"{Path(self._folder).parent}/")

    def _template(self, frame: FrameType, _event: str, _argument: Any) -> None:
        self._notes.add(frame.f_code.co_filename)

    def _query(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and self._words:
            query = frame.f_locals.get("query")
            for name in set(self._words.findall(query if isinstance(query, str) else str(query))):
                self._notes.add(f"table {name}")


def answer(notes: Notes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._send(notes.drain())

        def do_GET(self) -> None:
            operations = {name: sorted(places) for name, places in list(notes.operations.items())}
            self._send({"operations": operations, "loads": sorted(notes.loads)})

        def _send(self, content: object) -> None:
            body = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the output is the program's."""

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m proof.mutants.tracer")
    parser.add_argument("--package", required=True)
    parser.add_argument("--names", default="")
    parser.add_argument("--announce", type=Path, required=True, help="the file that gets the address of the answers")
    parser.add_argument("module")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    notes = Notes()
    server = ThreadingHTTPServer(("127.0.0.1", 0), answer(notes))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    options.announce.write_text(f"http://127.0.0.1:{server.server_port}", encoding="utf-8")
    tracer = Tracer(options.package, set(filter(None, options.names.split(","))), notes)
    threading.settrace(tracer)
    sys.settrace(tracer)
    sys.argv = [options.module, *options.arguments]
    runpy.run_module(options.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
