"""Whose mistake it is that a token opens something which must not: its own, or that of a product which verifies no signature."""

from fixtures.product.nouns import Product
from fixtures.product.tokens import forge, of_nobody

UNVERIFIED = "token-signature-not-verified"


def cause_of_acceptance(product: Product, cause: str) -> str:
    """UNVERIFIED where a token that nobody signed is accepted as well: whatever other tokens open follows from it."""
    accepted = product.get("/api/contacts/?limit=1", token=forge("tampered", of_nobody("admin"))).response.is_success
    return UNVERIFIED if accepted else cause
