"""Twilio's callbacks (contract 5.2): their routes, and what it means that one gets in which must not."""

from collections.abc import Callable
from typing import Any

from fixtures.product.response import Response

ROUTES = {"voz": "", "gather": "gather", "estado": "status"}
IN_CONTRACT = {"voz": "voice", "gather": "gather", "estado": "status"}  # as its rows call them


def cause_of_admission(answer: Response[Any], unsigned: Callable[[], Response[Any]], cause: str) -> str:
    """The cause of a wrong signature that got this answer; where no signature at all gets the same, none is asked for."""
    return "unsigned-callback-admitted" if unsigned().status_code == answer.status_code else cause


def claim_of(statement: str) -> Callable[[str], list[str]]:
    """The row of each route that says so."""
    return lambda route: [f"callback/{IN_CONTRACT[route]}/{statement}"]
