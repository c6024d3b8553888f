"""What the application holds while it runs, for the handlers that need it."""

from typing import Any

from fastapi import Depends
from starlette.requests import HTTPConnection


def from_state(name: str) -> Any:
    """The dependency on `app.state`'s attribute of this name; the annotation beside it says its type."""

    def value(connection: HTTPConnection) -> Any:
        return getattr(connection.app.state, name)

    return Depends(value)
