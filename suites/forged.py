"""Whose mistake it is that a token opens something which must not: its own, or that of a product which verifies no signature."""

from typing import Any

from fixtures.product.nouns import Product
from fixtures.product.response import Response
from fixtures.product.tokens import forge, of_nobody
from suites.sharing import unread

OPEN = "data-open-without-token"
UNVERIFIED = "token-signature-not-verified"
DATA = "/api/contacts/?limit=1"


def cause_of_acceptance(product: Product, answer: Response[Any], cause: str) -> str:
    """OPEN where data comes without any token, UNVERIFIED where with one that nobody signed: whatever tokens open follows.

    The cause itself for an answer that is no acceptance, such as a server error.
    """
    if not answer.response.is_success:
        return cause
    if product.get(unread(DATA)).response.is_success:
        return OPEN
    accepted = product.get(unread(DATA), token=forge("tampered", of_nobody("admin"))).response.is_success
    return UNVERIFIED if accepted else cause
