"""The services of the running application, for the handlers that need them."""

from typing import Any

from fastapi import Depends
from starlette.requests import HTTPConnection


def from_state(name: str) -> Any:
    """The dependency on `app.state`'s attribute of this name; its type is in the annotation."""

    def value(connection: HTTPConnection) -> Any:
        return getattr(connection.app.state, name)

    return Depends(value)
