"""The files of the frontend as they were built: templates and static files, with the mistakes that are switched on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FunctionLoader
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import Scope

from sandbox.faults import Fault, declare

HERE = Path(__file__).parent
TYPES = {".css": "text/css", ".js": "text/javascript"}


@dataclass(frozen=True)
class Slip:
    """What a mistake changes in one file: `wrong` stands where `right` should."""

    file: str
    right: str
    wrong: str


_slips: dict[str, list[tuple[Fault, Slip]]] = {}


def mistake(
    name: str,
    sentence: str,
    *slips: Slip,
    severity: Literal[1, 2, 3],
    finding: str,
    kind: Literal["frontend", "authorization", "data"] = "frontend",
    rulings: tuple[str, ...] = (),
    excludes: tuple[str, ...] = (),
) -> Fault:
    """Declare a fault of the built files. A slip whose right text does not stand there exactly once is a ValueError."""
    for slip in slips:
        found = (HERE / slip.file).read_text(encoding="utf-8").count(slip.right)
        if found != 1:
            raise ValueError(f"{name}: the text to change stands {found} times in {slip.file}")
    fault = declare(
        name, sentence, part="frontend", kind=kind, severity=severity, finding=finding, rulings=rulings, excludes=excludes
    )
    for slip in slips:
        _slips.setdefault(slip.file, []).append((fault, slip))
    return fault


def _active(file: str) -> list[Slip]:
    return [slip for fault, slip in _slips.get(file, []) if fault.on]


def _text(file: str, slips: list[Slip]) -> str:
    text = (HERE / file).read_text(encoding="utf-8")
    for slip in slips:
        text = text.replace(slip.right, slip.wrong)
    return text


class Static(StaticFiles):
    """Files as they are, or as a mistake made them."""

    def __init__(self) -> None:
        super().__init__(directory=HERE / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        slips = _active(f"static/{path}")
        if not slips:
            return await super().get_response(path, scope)
        return Response(_text(f"static/{path}", slips), media_type=TYPES[Path(path).suffix])


def _template(name: str) -> tuple[str, str, Callable[[], bool]]:
    """Jinja's loader: the source, its name, and whether it is still the same as when it was compiled."""
    file = f"templates/{name}"
    slips = _active(file)
    return _text(file, slips), file, lambda: _active(file) == slips


def templates() -> Jinja2Templates:
    return Jinja2Templates(env=Environment(loader=FunctionLoader(_template), autoescape=True))
