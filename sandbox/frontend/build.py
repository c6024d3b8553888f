"""The files of the frontend as they were built: templates and static files, with the faults that are switched on."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FunctionLoader
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates
from starlette.types import Scope

from sandbox.frontend.faults import edits

HERE = Path(__file__).parent
TYPES = {".css": "text/css", ".js": "text/javascript"}


def _text(file: str, changes: list[edits.Edit]) -> str:
    text = (HERE / file).read_text(encoding="utf-8")
    for change in changes:
        text = text.replace(change.right, change.wrong)
    return text


class Static(StaticFiles):
    """Files as they are, or as a fault leaves them."""

    def __init__(self) -> None:
        super().__init__(directory=HERE / "static")

    async def get_response(self, path: str, scope: Scope) -> Response:
        file = f"static/{path}"
        changes = edits.active(file)
        if not changes:
            return await super().get_response(path, scope)
        return Response(_text(file, changes), media_type=TYPES[Path(path).suffix])


def _template(name: str) -> tuple[str, str, Callable[[], bool]]:
    """Jinja's loader: the source, its name, and whether it is still the same as when it was compiled."""
    file = f"templates/{name}"
    changes = edits.active(file)
    return _text(file, changes), file, lambda: edits.active(file) == changes


def templates() -> Jinja2Templates:
    return Jinja2Templates(env=Environment(loader=FunctionLoader(_template), autoescape=True))
