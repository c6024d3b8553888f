"""The body of an error, as contract 2.2 has it or as a fault has it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.backend.errors import faults

PROXY_PAGE = (
    "<html><head><title>{code}</title></head><body><center><h1>{code}</h1></center><hr><center>nginx</center></body></html>"
)
NO_ROWS = (
    "{{'code': 'PGRST116', 'details': 'The result contains 0 rows', 'hint': None, "
    "'message': 'JSON object requested, multiple (or no) rows returned'}}: {message}"
)
TRACE = (
    "{message}\nTraceback (most recent call last):\n"
    '  File "/app/.venv/lib/python3.11/site-packages/starlette/routing.py", line 776, in app\n'
    "    await self.default(scope, receive, send)\n"
    "starlette.exceptions.HTTPException: 404: Not Found"
)
DUMP = (
    "1 validation error for {where}\n{field}\n  {msg} [type={type}, input_value=..., input_type=str]\n"
    "    For further information visit https://errors.pydantic.dev/2.12/v/{type}"
)


def response(status_code: int, body: Mapping[str, Any], headers: Mapping[str, str] | None) -> Response:
    """`body` is the envelope."""
    if faults.BODIES_EMPTY.on:
        return Response(status_code=status_code, headers=headers)
    if faults.BODIES_HTML.on:
        return HTMLResponse(PROXY_PAGE.format(code=status_code), status_code, headers)
    return JSONResponse(_shaped(status_code, body), status_code, headers)


def _shaped(status_code: int, body: Mapping[str, Any]) -> Any:
    if faults.BODIES_NESTED.on:
        return {"error": {"code": status_code, "message": body["message"], "details": body.get("errors", [])}}
    if faults.BODIES_LISTED.on:
        return [body]
    if status_code == 422 and "errors" in body and faults.VALIDATION_RAW.on:
        return {"detail": body["errors"]}
    return body


def message_of(status_code: int, message: str, problems: list[dict[str, Any]] | None) -> str:
    """The message itself, or with the words of what is inside."""
    if problems and faults.VALIDATION_DUMP.on:
        first = problems[0]
        where, field = (str(part) for part in (first["loc"][0], first["loc"][-1]))
        return DUMP.format(where=where, field=field, msg=first["msg"], type=first["type"])
    if status_code == 404 and message == "Not Found" and faults.STACK_TRACE.on:
        return TRACE.format(message=message)
    if status_code == 404 and message != "Not Found" and faults.DATABASE_WORDS.on:
        return NO_ROWS.format(message=message)
    return message
